import type { ServerResponse } from 'node:http';
import { BatchClient, ListJobsCommand } from '@aws-sdk/client-batch';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_INPUT_LIMITS } from '../../domain/media/input-limits.ts';
import { type LocalServer, listenOnLoopback, readBody } from '../../local/http-server.ts';
import { NAMES } from '../../local/resources.ts';
import { type CreateJobServices, createJob } from '../../services/create-job.ts';
import { JobMessageQueue } from '../../services/job-message-queue.ts';
import { useBatch } from '../local/batch/harness.ts';
import { Bucket, filesOf, useS3 } from '../local/s3/harness.ts';
import { batchQueue } from '../support/batch-queue.ts';
import { sqsClient, useCallbackQueue } from '../support/callback-queue.ts';
import { makeClip } from '../support/ffmpeg.ts';
import { fleetWith } from '../support/fleet.ts';
import { tableName, useJobStore } from '../support/job-store.ts';
import { storeThatLosesAnswers } from '../support/lost-answers.ts';
import { requestWith } from '../support/requests.ts';
import { useSecretBox } from '../support/secret-box.ts';
import { creds } from './destination/destinations.ts';
import { file, type Origin, status, useOrigins } from './origin.ts';

const store = useJobStore();
const kms = useSecretBox();
const s3 = useS3();
const batch = useBatch();
const submissions = useCallbackQueue(NAMES.submissionQueue);
const startOrigin = useOrigins();
let clip: Buffer;
let origin: Origin;
let services: CreateJobServices;

beforeAll(async () => {
  clip = await makeClip('clip.mp4', '-f lavfi -i testsrc2=size=320x180:rate=25:duration=1 -c:v libx264');
});
beforeEach(async () => {
  origin = await startOrigin({ '/in.mp4': file(clip) });
  services = {
    jobs: store.jobs,
    queue: batchQueue(batch.client),
    secrets: kms.box,
    submissions: submissions.queue,
    addresses: { allowPrivateHosts: true },
    inputLimits: DEFAULT_INPUT_LIMITS,
    fleet: fleetWith(),
  };
});

/** Labels have at most 63 characters, so a resolver need not be asked: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4 */
const noHost = `${'a'.repeat(64)}.example`;

const bodyOf = (words: Parameters<typeof requestWith>[0] = {}) =>
  JSON.stringify(requestWith({ input: { url: inputUrl() }, destination: destination(), ...words }));

const inputUrl = () => `${origin.at('/in.mp4')}?X-Amz-Signature=hush-input`;

const destination = (words: object = {}) => ({
  provider: 's3',
  bucket: Bucket,
  endpoint: s3.server.url,
  creds,
  ...words,
});

async function created(words?: Parameters<typeof requestWith>[0]) {
  const { job_id } = await createJob(services, 'alice', bodyOf(words));
  const snapshot = await store.jobs.load(job_id);
  if (snapshot === undefined) throw new Error(`The job ${job_id} was not stored`);
  return snapshot.job;
}

/** How many jobs are stored, and how many were submitted. */
async function counts() {
  const { Count } = await store.client.send(new ScanCommand({ TableName: tableName, Select: 'COUNT' }));
  const { jobSummaryList = [] } = await batch.client.send(
    new ListJobsCommand({ jobQueue: 'gpu', filters: [{ name: 'JOB_NAME', values: ['octet-*'] }] }),
  );
  return [Count, jobSummaryList.length];
}

describe('a job that is accepted', () => {
  it('is stored as it was asked for, with what was found out about its input', async () => {
    const outputs = [{ bitrate_kbps: '500', qp: 20 }, { resolution: '-1x90' }];
    const answer = await createJob(services, 'alice', bodyOf({ outputs, metadata: { title: 'A film' } }));
    expect(answer.job_id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-/);
    expect(answer.warnings).toHaveLength(1);
    expect((await store.jobs.load(answer.job_id))?.job).toMatchObject({
      job_id: answer.job_id,
      tenant: 'alice',
      status: 'created',
      input_url: origin.at('/in.mp4'),
      input: {
        container: 'mp4',
        duration_s: 1,
        size_bytes: clip.length,
        video: { codec: 'h264', width: 320 },
      },
      destination: { provider: 's3', region: 'us-east-1', bucket: Bucket, endpoint: s3.server.url },
      outputs: [{ dest_path: 'video_0.mp4', bitrate_kbps: 500 }, { dest_path: 'video_1.mp4' }],
      metadata: { title: 'A film' },
      warnings: answer.warnings,
    });
  });

  it('is submitted, and notes as what', async () => {
    const job = await created();
    const { jobSummaryList = [] } = await batch.client.send(
      new ListJobsCommand({ jobQueue: 'gpu', filters: [{ name: 'JOB_NAME', values: ['octet-*'] }] }),
    );
    expect(jobSummaryList.map(({ jobId, jobName }) => [jobId, jobName])).toEqual([
      [job.batch_job_id, `octet-${job.job_id}`],
    ]);
    expect(Date.parse(job.submitted_at ?? '')).toBeGreaterThanOrEqual(Date.parse(job.created_at));
  });

  it('is accepted and submitted, too, when the answer to its being stored was lost', async () => {
    services = { ...services, jobs: storeThatLosesAnswers(store.server.url, 'PutItemCommand') };
    expect(await created()).toMatchObject({ status: 'created', batch_job_id: expect.any(String) });
  });

  it('keeps its secrets sealed, for the worker and for the callback', async () => {
    const secret = `whsec_${Buffer.alloc(32, 'hush').toString('base64')}`;
    const callback = { url: `${origin.at('/callback')}?token=hush-callback`, secret, detail: 'full' };
    const job = await created({ callback });
    const items = JSON.stringify(await store.itemsOf(job.job_id));
    for (const word of ['hush', secret, creds.secret_access_key, creds.access_key_id, '/callback']) {
      expect(items).not.toContain(word);
    }
    const { job_id, sealed_work = '', sealed_callback = '' } = job;
    const opened = await kms.box.open(job_id, 'work', sealed_work);
    expect(opened).toEqual({ input_url: inputUrl(), credentials: creds });
    expect(await kms.box.open(job_id, 'callback', sealed_callback)).toEqual(callback);
  });

  it.each([
    [true, 'waiting'],
    [false, undefined],
  ])('owes a callback when one was asked for: %s', async (isAskedFor, callback_status) => {
    const job = await created(isAskedFor ? { callback: origin.at('/callback') } : {});
    expect(job.callback_status).toBe(callback_status);
    expect(job.sealed_callback === undefined).toBe(!isAskedFor);
  });

  it('may have a callback whose host cannot be resolved just now', async () => {
    const resolve = async () => Promise.reject(Object.assign(new Error('Try again'), { code: 'EAI_AGAIN' }));
    const addresses = { allowPrivateHosts: true, resolve };
    services = { ...services, addresses };
    expect(await created({ callback: 'https://hooks.example/' })).toMatchObject({
      callback_status: 'waiting',
    });
  });

  it('may have an input of which nothing could be found out', async () => {
    const unknown = Buffer.concat([Buffer.from('RIFF\0\0\0\0AVI LIST'), Buffer.alloc(5000, 7)]);
    origin.routes['/in.mp4'] = file(unknown);
    expect(await created()).toMatchObject({ input: { size_bytes: unknown.length } });
  });

  it('leaves nothing at its destination yet', async () => {
    const before = filesOf(s3);
    await created();
    expect(filesOf(s3)).toEqual(before);
  });
});

describe('a request is refused', () => {
  let before: unknown;

  beforeEach(async () => {
    before = await counts();
  });
  afterEach(async () => {
    expect(await counts()).toEqual(before);
  });

  it('that is not valid, without a look at anything outside', async () => {
    const refused = createJob(services, 'alice', bodyOf({ outputs: [{ codec: 'vp9' }, { level: 9 }] }));
    await expect(refused).rejects.toMatchObject({
      code: 'invalid_request',
      problems: [{ path: 'outputs[0].codec' }, { path: 'outputs[1].level' }],
    });
    expect(origin.requests).toEqual([]);
  });

  it('with all that is wrong outside at once', async () => {
    origin.routes['/in.mp4'] = status(404);
    const refused = createJob(
      services,
      'alice',
      bodyOf({ destination: destination({ bucket: 'nowhere' }), callback: `http://${noHost}/` }),
    );
    await expect(refused).rejects.toMatchObject({
      code: 'input_unreachable',
      status: 422,
      message: expect.stringMatching(/answered 404.* \(and 2 more, see errors\)$/),
      problems: [
        { path: 'input.url', code: 'input_unreachable' },
        { path: 'destination', code: 'destination_denied' },
        { path: 'callback', code: 'invalid_request' },
      ],
    });
  });

  it('whose input, bucket and callback are at private addresses, where these are refused', async () => {
    services = { ...services, addresses: { allowPrivateHosts: false } };
    const refused = createJob(services, 'alice', bodyOf({ callback: 'http://169.254.169.254/' }));
    await expect(refused).rejects.toMatchObject({
      problems: [{ path: 'input.url' }, { path: 'destination' }, { path: 'callback' }],
    });
    expect(origin.requests).toEqual([]);
  });

  it('whose outputs the input makes impossible', async () => {
    const refused = createJob(
      services,
      'alice',
      bodyOf({ outputs: [{ resolution: '4096x-1', level: '4.0' }] }),
    );
    await expect(refused).rejects.toMatchObject({
      code: 'settings_rejected_by_encoder',
      problems: [{ path: 'outputs[0].level' }],
    });
  });

  it('whose input is larger than the service takes', async () => {
    services = { ...services, inputLimits: { ...DEFAULT_INPUT_LIMITS, seconds: 0.5 } };
    await expect(createJob(services, 'alice', bodyOf())).rejects.toMatchObject({
      code: 'input_unsupported',
      problems: [
        { path: 'input.url', message: expect.stringContaining('the limit "seconds" of this service is 0.5') },
      ],
    });
  });

  it('when Batch refuses the job', async () => {
    services = {
      ...services,
      queue: batchQueue(batch.client, 'none'),
    };
    await expect(createJob(services, 'alice', bodyOf())).rejects.toMatchObject({
      code: 'infrastructure',
      status: 503,
      message: 'The job could not be queued; send it again.',
    });
  });
});

describe('a job that cannot be submitted at once', () => {
  let fake: LocalServer;
  let client: BatchClient;
  let answer: (jobId: string, response: ServerResponse) => void | Promise<void>;

  beforeEach(async () => {
    fake = await listenOnLoopback(async (request, response) => {
      const { containerOverrides } = JSON.parse(String(await readBody(request)));
      await answer(containerOverrides.environment[0].value, response);
    });
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    client = new BatchClient({ endpoint: fake.url, region: 'us-east-1', credentials, maxAttempts: 1 });
    services = { ...services, queue: batchQueue(client) };
  });
  afterEach(async () => {
    client.destroy();
    await fake.close();
    await submissions.take();
  });

  const refuse = (status: number, name: string) => (_: string, response: ServerResponse) => {
    response.writeHead(status, { 'x-amzn-errortype': name }).end(JSON.stringify({ message: 'No.' }));
  };

  it.each<[string, typeof answer]>([
    ['Batch is asked too often', refuse(429, 'TooManyRequestsException')],
    ['Batch is asked too often, by its other word', refuse(400, 'ThrottlingException')],
    ['Batch fails', refuse(500, 'ServerException')],
    ['Batch hangs up', (_, response) => void response.destroy()],
  ])('waits for it when %s', async (_, reply) => {
    answer = reply;
    const { job_id, status, batch_job_id } = await created();
    expect({ status, batch_job_id }).toEqual({ status: 'created', batch_job_id: undefined });
    expect(await submissions.take()).toEqual([job_id]);
  });

  it('is kept when a worker has it already, whatever was heard of it', async () => {
    answer = async (jobId, response) => {
      await store.jobs.claim(jobId, 'b-1');
      response.destroy();
    };
    expect(await created()).toMatchObject({ status: 'created', claimed_by: 'b-1' });
  });

  it('is taken back when there is nowhere to wait', async () => {
    answer = refuse(429, 'TooManyRequestsException');
    const dead = sqsClient('http://127.0.0.1:9');
    const queueUrl = 'http://127.0.0.1:9/000000000000/none';
    services = { ...services, submissions: new JobMessageQueue({ client: dead, queueUrl }) };
    const before = await counts();
    await expect(createJob(services, 'alice', bodyOf())).rejects.toMatchObject({ code: 'infrastructure' });
    expect(await counts()).toEqual(before);
    dead.destroy();
  });
});
