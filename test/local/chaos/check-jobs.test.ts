import * as v from 'valibot';
import { expect, it } from 'vitest';
import { type JobRecord, jobRecordSchema } from '../../../domain/job/job-record.ts';
import { CallbackWatch } from '../../../local/chaos/callback-watch.ts';
import { checkJobs } from '../../../local/chaos/check-jobs.ts';
import { EndWatch } from '../../../local/chaos/end-watch.ts';
import { Findings } from '../../../local/chaos/findings.ts';
import { jobSpecs } from '../../../local/chaos/job-specs.ts';
import { Receivers } from '../../../local/chaos/receivers.ts';
import { EndedJobs } from '../../../local/chaos/stored-jobs.ts';
import { newJob } from '../../support/jobs.ts';

const [first] = jobSpecs(1, 1);
if (first === undefined) throw new Error('There is no job.');
const spec = { ...first, input: 'whole' as const, cancelAfterMs: undefined };
const cancelledCode = { code: 'cancelled', message: 'It was.', retryable: false } as const;

interface World {
  readonly stored: JobRecord[];
  readonly accepted: { jobId: string; spec: typeof spec }[];
  readonly cancelled: Set<string>;
  readonly callbacks: CallbackWatch;
  readonly job: JobRecord;
}

/** What is found where one job is complete and told of, but for what is changed. */
function findingsWith(change: (world: World) => void): string[] {
  const outputs = newJob().outputs.map((output) => ({ ...output, dest_path: '0-1/0.mp4' }));
  const job = v.parse(jobRecordSchema, newJob({ status: 'complete', outputs }));
  const world: World = {
    stored: [job],
    accepted: [{ jobId: job.job_id, spec }],
    cancelled: new Set(),
    callbacks: new CallbackWatch(),
    job: job,
  };
  change(world);
  const receivers = new Receivers();
  for (const { job_id: jobId, status } of world.stored) {
    receivers.receipts.push({ webhookId: jobId, jobId, status, isSigned: true, isTaken: true });
  }
  const { stored, accepted, cancelled, callbacks } = world;
  const asked = new Map([
    ['0-1', spec],
    ['0-2', spec],
  ]);
  const posted = { accepted, asked, cancelled };
  const findings = new Findings();
  const proxies = { ends: new EndWatch(), callbacks };
  checkJobs({ posted, stored, proxies, ended: new EndedJobs(), receivers }, findings);
  return findings.lines.map((line) => line.replace(/:.*/, ''));
}

const queued = (callbacks: CallbackWatch, jobId: string) =>
  callbacks.note(
    'dynamodb',
    call('DynamoDB_20120810.UpdateItem', {
      Key: { pk: { S: `job#${jobId}` } },
      ExpressionAttributeValues: { ':set_callback_status': { S: 'queued' } },
    }),
    200,
  );
const sent = (callbacks: CallbackWatch, job_id: string, status = 200) =>
  callbacks.note(
    'sqs',
    call('AmazonSQS.SendMessage', {
      QueueUrl: 'http://127.0.0.1:9/000000000000/octet-callbacks',
      MessageBody: JSON.stringify({ job_id }),
    }),
    status,
  );
const call = (target: string, body: object) => ({
  method: 'POST',
  url: '/',
  headers: { 'x-amz-target': target },
  body: Buffer.from(JSON.stringify(body)),
});

it.each<[string, string[], (world: World) => void]>([
  ['that is as it should be', [], () => {}],
  ['that is not stored', ['lost'], ({ stored }) => stored.pop()],
  ['that is stored twice', ['doubled'], ({ stored, job }) => stored.push({ ...job, job_id: 'other' })],
  ['that was cancelled and is complete', ['unfitting'], ({ cancelled, job }) => cancelled.add(job.job_id)],
  [
    'that is cancelled, which nobody wanted',
    ['unfitting'],
    ({ stored, job }) => stored.splice(0, 1, { ...job, status: 'error', error: cancelledCode }),
  ],
  [
    'whose callback was sent and then marked',
    [],
    ({ callbacks, job }) => {
      sent(callbacks, job.job_id);
      queued(callbacks, job.job_id);
    },
  ],
  [
    'whose callback was marked and then sent',
    ['callbacks_missing'],
    ({ callbacks, job }) => {
      queued(callbacks, job.job_id);
      sent(callbacks, job.job_id);
    },
  ],
  [
    'whose callback was marked though it could not be sent',
    ['callbacks_missing'],
    ({ callbacks, job }) => {
      sent(callbacks, job.job_id, 503);
      queued(callbacks, job.job_id);
    },
  ],
])('finds of a job %s: %j', (_, found, change) => {
  expect(findingsWith(change)).toEqual(found);
});
