import { afterAll, beforeAll, expect, it } from 'vitest';
import { JOB_STATES } from '../../domain/job/job-state.ts';
import { clipPath } from '../support/clips/clip-path.ts';
import { mediaFacts } from '../support/clips/media-facts.ts';
import { watch } from './support/polling.ts';
import { type Receiver, startReceiver, verified } from './support/receiver.ts';
import { Service, waitFor } from './support/service.ts';

let service: Service;
let receiver: Receiver;

beforeAll(async () => {
  [service, receiver] = await Promise.all([Service.start(), startReceiver()]);
});
afterAll(async () => {
  await Promise.all([service?.stop(), receiver?.close()]);
});

it("takes the original's documented request as it stands, and completes it", async () => {
  const { bucket, access_key_id, secret_access_key } = service.endpoints;
  const answer = await service.call(
    'POST',
    '/v0/jobs/create',
    `{
      "input": { "url": "${await service.publish(await clipPath('h264.mp4'))}" },
      "destination": { "provider": "s3", "region": "us-east-1", "bucket": "${bucket}",
                       "creds": { "access_key_id": "${access_key_id}", "secret_access_key": "${secret_access_key}" } },
      "outputs": [ { "codec": "h264", "bitrate_kbps": "5000", "preset": "slow", "profile": "high", "rc": "vbr_hq",
                     "level": "4.1", "coder": "cabac", "resolution": "1920x1080", "dest_path": "full/path/to/vid_1080.mp4" } ],
      "callback": "${receiver.url}"
    }`,
  );
  expect(answer).toEqual({ status: 200, body: { job_id: expect.any(String), warnings: [] } });
  const job = await service.completed(answer.body.job_id);
  expect(job.outputs).toMatchObject([
    {
      dest_path: 'full/path/to/vid_1080.mp4',
      codec: 'h264',
      profile: 'High',
      level: '4.1',
      width: 1920,
      height: 1080,
    },
  ]);
  const facts = await mediaFacts(await service.download('full/path/to/vid_1080.mp4'));
  expect(facts).toMatchObject({ profile: 'High', level: 41 });
  const [callback] = await waitFor(() => {
    expect(receiver.callbacks).toHaveLength(1);
    return receiver.callbacks;
  });
  expect(callback && verified(callback, service.endpoints.callback_secret)).toEqual({
    api_version: 'v0',
    job_id: job.job_id,
    status: 'complete',
  });
});

it('takes numbers in place of numeric strings', async () => {
  const url = await service.publish(await clipPath('h264.mp4'));
  const output = {
    codec: 'h264',
    resolution: '320x180',
    preset: 'hp',
    rc: 'cbr',
    bitrate_kbps: 500,
    level: 4.1,
  };
  const jobId = await service.create({ input: { url }, outputs: [{ ...output, dest_path: 'numbers.mp4' }] });
  await service.completed(jobId);
});

it('passes through every state in its order, and its percentages never fall', async () => {
  const url = await service.publish(await clipPath('natural.mp4'));
  const output = {
    codec: 'h264',
    resolution: '-1x-1',
    preset: 'slow',
    bitrate_kbps: 2000,
    dest_path: 'long.mp4',
  };
  // Two of them, so that a quick machine needs more than 20 s for it, too.
  const outputs = [output, { ...output, dest_path: 'again.mp4' }];
  const seen = await watch(service, await service.create({ input: { url }, outputs }));
  const states = seen.map(({ status }) => status).filter((status, index, all) => status !== all[index - 1]);
  expect(states).toEqual(JOB_STATES.filter((state) => state !== 'error'));
  for (const name of ['encode_completion_pct', 'packaging_completion_pct'] as const) {
    const values = seen.map((job) => job[name]);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    expect([values.at(0), values.at(-1)]).toEqual([0, 1]);
  }
  const steps = new Set(
    seen.map((job) => job.encode_completion_pct).filter((value) => value > 0 && value < 1),
  );
  expect(steps.size).toBeGreaterThanOrEqual(10);
});

it('tells a job from one that does not exist', async () => {
  const answer = await service.call('GET', '/v0/jobs/01a210d9-c4a6-7777-9a03-0f5d757df592');
  expect(answer).toMatchObject({
    status: 404,
    body: { error: 'There is no job 01a210d9-c4a6-7777-9a03-0f5d757df592.', code: 'not_found' },
  });
});
