import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KilledService, type Victim } from './support/killed-service.ts';
import type { Moment } from './support/killer.ts';

// Each process is killed by SIGKILL while its request is on its way: what came before it has been done, and it has not.

let service: KilledService;

const sets = (attribute: string, value = '') =>
  new RegExp(`^dynamodb .*UpdateItem.*:set_${attribute}".*${value}`);
const queues = (name: string) => new RegExp(`^sqs .*SendMessage .*octet-${name}"`);
const asksBatch = (operation: string, words = '') => new RegExp(`^batch POST /v1/${operation} .*${words}`);

const SERVICE: [string, Moment][] = [
  ['noting its idempotency key and storing it', { way: [/^dynamodb .*PutItem .*"job#/] }],
  ['storing and submitting it', { way: [asksBatch('submitjob')] }],
  ['submitting it and noting that', { way: [sets('batch_job_id')] }],
  ['hearing that Batch has no room and having it wait', { way: [queues('submissions')], isBatchFull: true }],
  [
    'taking it out of the queue and submitting it',
    { way: [queues('submissions'), asksBatch('submitjob')], isBatchFull: true },
  ],
  ['hearing of its end and settling it', { way: [sets('status', '"complete"')] }],
  ['settling it and queueing its callback', { way: [queues('callbacks')] }],
  ['queueing its callback and noting that', { way: [sets('callback_status', '"queued"')] }],
  ['delivering its callback and noting that', { way: [/^dynamodb .*UpdateItem .*"callback#0001"/] }],
  ['noting an attempt and calling it delivered', { way: [sets('callback_status', '"delivered"')] }],
];

const WORKER: [string, Moment][] = [
  ['starting and claiming it', { way: [sets('claimed_by')] }],
  ['claiming it and opening its secrets', { way: [/^kms .*Decrypt/] }],
  ['encoding it and noting that', { way: [sets('status', '"encode_complete"')] }],
  ['verifying and uploading it', { way: [sets('status', '"packaging_in_progress"'), /^s3 PUT /] }],
  ['uploading it and recording that', { way: [sets('outcome')] }],
];

const everyKill: [Victim, string, Moment][] = [
  ...SERVICE.map((row): [Victim, string, Moment] => ['the service', ...row]),
  ...WORKER.map((row): [Victim, string, Moment] => ['a worker', ...row]),
];

describe('a job ends right, once, when', () => {
  beforeAll(async () => {
    service = await KilledService.start();
  });
  afterAll(() => service?.close());

  it.each(everyKill)('%s is killed between %s', async (victim, _, moment) => {
    expect(await service.endOfJob(victim, moment)).toMatchObject({ status: 'complete' });
  });

  it.each<[string, Moment]>([
    ['hearing that it is to be cancelled and ending it', { way: [sets('error', '"cancelled"')] }],
    ['ending it and stopping its worker', { way: [asksBatch('terminatejob')] }],
  ])('it is cancelled and the service is killed between %s', async (_, moment) => {
    const job = await service.endOfJob('the service', moment, { cancelAfterMs: 0 });
    expect(job).toMatchObject({ status: 'error', error: { code: 'cancelled' } });
  });
});

describe('a split job ends right, once, when', () => {
  beforeAll(async () => {
    service = await KilledService.start({ OCTET_LOCAL_SPLIT: '2' });
  });
  afterAll(() => service?.close());

  it.each<[Victim, string, Moment]>([
    ['the service', 'submitting its parts and noting that', { way: [sets('encode_job_id')] }],
    [
      'the service',
      'noting its parts and submitting its packaging',
      { way: [asksBatch('submitjob', '"dependsOn"')] },
    ],
    ['the service', 'submitting its packaging and noting that', { way: [sets('batch_job_id')] }],
    ['a worker', 'handing pieces on and saying so', { way: [/^s3 PUT .*manifest\.json/] }],
    ['a worker', 'recording its outcome and removing its pieces', { way: [/^s3 DELETE /] }],
  ])('%s is killed between %s', async (victim, _, moment) => {
    const job = await service.endOfJob(victim, moment);
    expect(job).toMatchObject({ status: 'complete', encode_job_id: expect.any(String) });
  });

  it('a part has failed and the service is killed between ending it and stopping the others', async () => {
    const job = await service.endOfJob(
      'the service',
      { way: [asksBatch('terminatejob')] },
      { input: 'gone' },
    );
    expect(job).toMatchObject({ status: 'error', error: { code: 'input_unreachable' } });
  });
});
