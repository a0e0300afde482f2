import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { JobQueue } from '../../services/batch.ts';
import { settleJob } from '../../services/settle-job.ts';
import { attempt, type BatchEvent, JOB_ID, stateChange } from '../support/batch-events.ts';
import { useCallbackQueue } from '../support/callback-queue.ts';
import { useJobStore } from '../support/job-store.ts';
import '../support/quiet-log.ts';
import { newJob, success } from '../support/jobs.ts';

const store = useJobStore();
const callbacks = useCallbackQueue();

/** The same events at each run. */
const seed = 20_260_101;

/** Ids that are told apart by one character, and one that is the beginning of the others. */
const ID = '019b7a60-0000-7000-8000-00000000000';
const jobs = {
  fresh: newJob({ job_id: `${ID}1` }),
  claimed: newJob({ job_id: `${ID}2`, claimed_by: JOB_ID, callback_status: 'waiting' }),
  done: newJob({ job_id: `${ID}3`, claimed_by: JOB_ID, outcome: success, callback_status: 'waiting' }),
  ofAnother: newJob({ job_id: `${ID}4`, claimed_by: 'b-other' }),
  ended: newJob({ job_id: `${ID}5`, status: 'complete', sealed_work: undefined }),
  shortest: newJob({ job_id: ID }),
  split: newJob({ job_id: `${ID}6`, encode_job_id: 'array-1' }),
};

/** Of Batch, nothing is wanted but that it stops the other parts of a split job. */
const queue: Pick<JobQueue, 'terminate'> = { terminate: async (id) => expect(id).toBe('array-1') };

const ids = Object.values(jobs).map(({ job_id }) => job_id);

type Items = Record<string, unknown>[];

let stored: Items[];

/** Of each job; what it has cost is told by more events than those that settle it. */
const allItems = () =>
  Promise.all(
    ids.map(async (id) => (await store.itemsOf(id)).filter(({ sk }) => !String(sk).startsWith('work#'))),
  );

beforeAll(async () => {
  for (const { status, outcome, claimed_by, ...job } of Object.values(jobs)) {
    await store.jobs.create({ ...job, status, outcome, claimed_by });
  }
  stored = await allItems();
});

const jobName = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...ids).map((id) => `octet-${id}`) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...[
        `octet-${ID}`,
        'octet-',
        '',
        'echo',
        `Octet-${ID}1`,
        `octet-octet-${ID}1`,
        ` octet-${ID}1`,
        `${ID}1`,
      ],
      ...[
        `octet-${ID}1 `,
        `octet-${ID}1#job`,
        `octet-job#${ID}1`,
        `octet-${ID}%31`,
        `octet-${ID}１`,
        'octet-*',
      ],
    ),
  },
  { weight: 4, arbitrary: fc.constantFrom(...ids).map((id) => `octet-encode-${id}`) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }).map((text) => `octet-${text}`) },
  { weight: 1, arbitrary: fc.constant(`octet-${'a'.repeat(3000)}`) },
);

const realEvent: fc.Arbitrary<BatchEvent> = fc
  .record({
    jobName,
    jobId: fc.constantFrom(
      ...[JOB_ID, JOB_ID, 'b-other', `${JOB_ID}:0`, `${JOB_ID} `, ''],
      ...['array-1', 'array-1:0', 'array-1:17', 'array-10', 'array-10:1', ':array-1'],
    ),
    status: fc.constantFrom('SUCCEEDED', 'FAILED', 'FAILED', 'RUNNING', 'succeeded', ''),
    statusReason: fc.constantFrom(
      'Host EC2 (instance i-1) terminated.',
      'exceeded timeout',
      'CAPACITY:X',
      '\u0000',
    ),
    attempts: fc.constantFrom(
      [],
      [attempt({ exitCode: 1 })],
      Array(3).fill(attempt({ reason: 'OutOfMemory' })),
    ),
  })
  .map(stateChange);

const FIELDS = ['source', 'detail-type', 'detail', 'time', 'resources'];
const DETAILS = [
  'jobId',
  'jobName',
  'status',
  'statusReason',
  'attempts',
  'isCancelled',
  'container',
  '__proto__',
];

/** An event of which one field is of another kind, or gone. */
const changedEvent = fc
  .tuple(realEvent, fc.constantFrom(...FIELDS, ...DETAILS), fc.oneof(fc.jsonValue({ maxDepth: 2 }), jobName))
  .map(([event, field, value]) => {
    const isDetail = DETAILS.includes(field);
    const pairs = Object.entries(isDetail ? event.detail : event).filter(([name]) => name !== field);
    const changed = Object.fromEntries(value === null ? pairs : [...pairs, [field, value]]);
    return isDetail ? { ...event, detail: changed } : changed;
  });

const anyEvent: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 12, arbitrary: realEvent },
  { weight: 6, arbitrary: changedEvent },
  { weight: 1, arbitrary: fc.tuple(realEvent, realEvent).map(([a, b]) => ({ ...a, detail: [b.detail] })) },
  { weight: 1, arbitrary: fc.tuple(realEvent, fc.jsonValue()).map(([a, detail]) => ({ ...a, detail })) },
  { weight: 2, arbitrary: fc.jsonValue() },
  { weight: 1, arbitrary: fc.constantFrom(undefined, null, '', 0, []) },
);

/** The Batch job whose end an event tells of, where it is an event of that kind at all. */
function endToldBy(event: unknown): { jobName?: unknown; jobId?: unknown; status?: unknown } {
  const { detail = {}, source, 'detail-type': type } = (event ?? {}) as Partial<BatchEvent>;
  const isEnd = detail !== null && (detail.status === 'SUCCEEDED' || detail.status === 'FAILED');
  return source === 'aws.batch' && type === 'Batch Job State Change' && isEnd ? detail : {};
}

/** Whether the job may be another after the event. */
function maySettle(event: unknown, [job]: Items): boolean {
  const { jobName, jobId, status } = endToldBy(event);
  if (jobName === `octet-encode-${job?.job_id}`)
    return job?.encode_job_id === 'array-1' && status === 'FAILED' && /^array-1(:|$)/.test(String(jobId));
  const isNamed = jobName === `octet-${job?.job_id}`;
  return isNamed && (job?.claimed_by === undefined || job.claimed_by === jobId) && job?.status === 'created';
}

it('settles no job but the one that an event names, and only for the Batch job that has it', async () => {
  const services = { jobs: store.jobs, queue: queue as JobQueue, callbacks: callbacks.queue };
  let settled = 0;
  let failedInPart = 0;
  const property = fc.asyncProperty(anyEvent, async (event) => {
    let failure: unknown;
    await settleJob(services, structuredClone(event)).catch((error) => {
      failure = error;
    });
    const now = await allItems();
    for (const [index, before] of stored.entries()) {
      const after = now[index];
      if (failure === undefined && maySettle(event, before)) {
        expect(after?.[0]?.status).toMatch(/^(complete|error)$/);
        settled += 1;
        if (String(endToldBy(event).jobName).startsWith('octet-encode-')) failedInPart += 1;
        for (const item of before) await store.put(item);
      } else {
        expect(after).toEqual(before);
      }
    }
  });
  await fc.assert(property, { numRuns: 600, seed });
  expect(settled).toBeGreaterThan(20);
  expect(failedInPart).toBeGreaterThan(0);
  const { claimed, done } = jobs;
  const owed = [claimed.job_id, done.job_id];
  expect([...new Set(await callbacks.take())].filter((id) => !owed.includes(id))).toEqual([]);
});
