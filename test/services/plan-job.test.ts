import { ListJobsCommand } from '@aws-sdk/client-batch';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_INPUT_LIMITS } from '../../domain/media/input-limits.ts';
import { NAMES } from '../../local/resources.ts';
import { type CreateJobServices, createJob } from '../../services/create-job.ts';
import { planJob } from '../../services/plan-job.ts';
import { useBatch } from '../local/batch/harness.ts';
import { Bucket, filesOf, useS3 } from '../local/s3/harness.ts';
import { batchQueue } from '../support/batch-queue.ts';
import { useCallbackQueue } from '../support/callback-queue.ts';
import { makeClip } from '../support/ffmpeg.ts';
import { fleetWith } from '../support/fleet.ts';
import { tableName, useJobStore } from '../support/job-store.ts';
import { requestWith } from '../support/requests.ts';
import { useSecretBox } from '../support/secret-box.ts';
import { creds } from './destination/destinations.ts';
import { file, type Origin, useOrigins } from './origin.ts';

const store = useJobStore();
const kms = useSecretBox();
const s3 = useS3();
const batch = useBatch();
const submissions = useCallbackQueue(NAMES.submissionQueue);
const startOrigin = useOrigins();
let clip: Buffer;
let origin: Origin;
/** All that creating a job needs, of which planning is to use nothing but what looks. */
let services: CreateJobServices;

beforeAll(async () => {
  clip = await makeClip('clip.mp4', '-f lavfi -i testsrc2=size=320x180:rate=25:duration=1 -c:v libx264');
});
beforeEach(async () => {
  origin = await startOrigin({ '/in.mp4': file(clip, { headers: { etag: '"1"' } }) });
  services = {
    jobs: store.jobs,
    queue: batchQueue(batch.client),
    secrets: kms.box,
    submissions: submissions.queue,
    addresses: { allowPrivateHosts: true },
    inputLimits: DEFAULT_INPUT_LIMITS,
    fleet: fleetWith({ children: 2 }),
  };
});

const destination = () => ({ provider: 's3', bucket: Bucket, endpoint: s3.server.url, creds });

const bodyOf = (words: Parameters<typeof requestWith>[0] = {}) =>
  JSON.stringify(requestWith({ input: { url: origin.at('/in.mp4') }, destination: destination(), ...words }));

/** What is stored, was submitted, and lies in the bucket. */
async function state() {
  const { Count } = await store.client.send(new ScanCommand({ TableName: tableName, Select: 'COUNT' }));
  const filters = [{ name: 'JOB_NAME', values: ['octet-*'] }];
  const { jobSummaryList } = await batch.client.send(new ListJobsCommand({ jobQueue: 'gpu', filters }));
  return { stored: Count, submitted: jobSummaryList, files: filesOf(s3) };
}

it('tells what a job would be, on what and how it would run, and what it would come to', async () => {
  const outputs = [
    { resolution: '-1x90', bitrate_kbps: 500 },
    { resolution: '64x36', profile: 'main', level: '4.0', qp: 20 },
    { cq: 25 },
  ];
  expect(await planJob(services, bodyOf({ outputs }))).toEqual({
    input: {
      container: 'mp4',
      duration_s: 1,
      size_bytes: clip.length,
      video: { codec: 'h264', width: 320, height: 180, rotation: 0, frame_rate: 25 },
    },
    outputs: [
      {
        ...{ dest_path: 'video_0.mp4', codec: 'h264', width: 160, height: 90 },
        ...{ preset: 'medium', profile: 'high', level: 'auto', coder: 'cabac' },
        ...{ rate_control: 'vbr', bitrate_kbps: 500 },
      },
      {
        ...{ dest_path: 'video_1.mp4', codec: 'h264', width: 64, height: 36 },
        ...{ preset: 'medium', profile: 'main', level: '4.0', coder: 'cabac' },
        ...{ rate_control: 'constqp', qp: 20 },
      },
      {
        ...{ dest_path: 'video_2.mp4', codec: 'h264', width: 1280, height: 720 },
        ...{ preset: 'medium', profile: 'high', level: 'auto', coder: 'cabac' },
        ...{ rate_control: 'quality', cq: 25 },
      },
    ],
    host: 'L4',
    children: 2,
    chunks: [{ start: 0, end: 0.5 }, { start: 0.5 }],
    side_by_side: 1,
    expected: {
      seconds: expect.any(Number),
      encoding_seconds: expect.any(Number),
      usd: expect.any(Number),
      fastest_children: expect.any(Number),
    },
    warnings: [],
  });
});

it('warns of what creating the job would warn of', async () => {
  const body = bodyOf({ outputs: [{ bitrate_kbps: '500', qp: 20 }] });
  const { warnings } = await planJob(services, body);
  expect(warnings).toHaveLength(1);
  expect(warnings).toEqual((await createJob(services, 'alice', body)).warnings);
});

it('plans one worker for an input of which nothing can be told', async () => {
  const unknown = Buffer.concat([Buffer.from('RIFF\0\0\0\0AVI LIST'), Buffer.alloc(5000, 7)]);
  origin.routes['/in.mp4'] = file(unknown);
  const plan = { host: 'L4', children: 1, chunks: [{ start: 0 }], side_by_side: 1, warnings: [] };
  expect(await planJob(services, bodyOf())).toEqual({ input: { size_bytes: unknown.length }, ...plan });
});

it('stores and starts nothing', async () => {
  const before = await state();
  await planJob(services, bodyOf({ callback: origin.at('/callback') }));
  expect(await state()).toEqual(before);
  expect(await submissions.take()).toEqual([]);
  expect(origin.requests.map(({ path }) => path)).not.toContain('/callback');
});

describe('finds the same problems as creating the job', () => {
  it.each<[string, () => Parameters<typeof requestWith>[0], Partial<CreateJobServices>]>([
    ['in the request', () => ({ outputs: [{ codec: 'vp9' }, { level: 9 }] }), {}],
    [
      'outside',
      () => ({
        input: { url: origin.at('/none.mp4') },
        destination: { ...destination(), bucket: 'nowhere' },
        callback: 'http://169.254.169.254/',
      }),
      {},
    ],
    ['with private addresses', () => ({}), { addresses: { allowPrivateHosts: false } }],
    ['with the outputs for this input', () => ({ outputs: [{ resolution: '4096x-1', level: '4.0' }] }), {}],
    ['with the limits of inputs', () => ({}), { inputLimits: { ...DEFAULT_INPUT_LIMITS, seconds: 0.5 } }],
  ])('%s', async (_, words, fields) => {
    const body = bodyOf(words());
    const refusing = { ...services, ...fields };
    const refusalOf = (promise: Promise<unknown>) =>
      promise.then(
        () => 'nothing is wrong',
        ({ code, message, problems }) => ({ code, message, problems }),
      );
    const refusal = await refusalOf(planJob(refusing, body));
    expect(refusal).toEqual(await refusalOf(createJob(refusing, 'alice', body)));
    expect(refusal).toMatchObject({ problems: expect.arrayContaining([expect.anything()]) });
  });
});
