import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LostRaceError } from '../../domain/errors.ts';
import type { JobSnapshot } from '../../domain/job/job-record.ts';
import { jobResource } from '../../domain/job/job-resource.ts';
import { END_STATES, hasEnded, JOB_STATES } from '../../domain/job/job-state.ts';
import type { JobStore, WorkState } from '../../services/job-store/job-store.ts';
import { useJobStore } from '../support/job-store.ts';
import { failure, newJob, success } from '../support/jobs.ts';

const store = useJobStore();

/** The same sequences at each run. */
const seed = 20_260_101;

/** One change of a job, as somebody makes it who does not know how the job stands. */
interface Change {
  readonly name: string;
  readonly [fc.toStringMethod]: () => string;
  readonly make: (jobs: JobStore, jobId: string, at: Date) => Promise<void>;
}

const change = (name: string, make: Change['make']): Change => ({
  name,
  make,
  [fc.toStringMethod]: () => name,
});

const batchJob = fc.constantFrom('b-1', 'b-2');
const fraction = fc.constantFrom(0, 0.25, 0.5, 0.75, 1);
const workState = fc.constantFrom<WorkState[]>(
  ...(['encode_in_progress', 'encode_complete', 'packaging_in_progress'] as const),
);
const anyChange: fc.Arbitrary<Change> = fc.oneof(
  batchJob.map((id) => change(`submitted as ${id}`, (jobs, job, at) => jobs.recordSubmission(job, id, at))),
  batchJob.map((id) => change(`encoded by ${id}`, (jobs, job) => jobs.recordEncoding(job, id))),
  batchJob.map((id) => change(`claimed by ${id}`, (jobs, job) => jobs.claim(job, id))),
  workState.map((state) => change(state, (jobs, job, at) => jobs.advance(job, state, at))),
  fc
    .tuple(fc.nat(1), fraction)
    .map(([chunk, part]) => change(`encoded ${part}`, (jobs, job) => jobs.recordEncoded(job, chunk, part))),
  fraction.map((part) => change(`packaged ${part}`, (jobs, job) => jobs.recordPackaged(job, part))),
  fc
    .constantFrom(success, { error: failure })
    .map((outcome) => change('outcome', (jobs, job, at) => jobs.recordOutcome(job, outcome, at))),
  fc.tuple(fc.constantFrom(...END_STATES), fc.boolean()).map(([status, owesCallback]) => {
    const error = status === 'error' ? failure : undefined;
    return change(status, (jobs, job, at) => jobs.end(job, { status, error, owesCallback, at }));
  }),
);

/** Some changes one after the other, a few of them at the same time. */
const changes = fc.array(fc.array(anyChange, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 9 });

async function makeAll(step: readonly Change[], jobId: string, at: Date): Promise<void> {
  const results = await Promise.allSettled(step.map(({ make }) => make(store.jobs, jobId, at)));
  for (const result of results) {
    if (result.status === 'rejected' && !(result.reason instanceof LostRaceError)) throw result.reason;
  }
}

async function load(jobId: string): Promise<JobSnapshot> {
  const snapshot = await store.jobs.load(jobId);
  if (snapshot === undefined) throw new Error('The job is gone.');
  return snapshot;
}

/** The attributes that are set once. */
const SET_ONCE = [
  'created_at',
  'submitted_at',
  'started_at',
  'encoded_at',
  'batch_job_id',
  'claimed_by',
] as const;

function expectLegal(before: JobSnapshot, after: JobSnapshot): void {
  const [from, to] = [before.job.status, after.job.status];
  expect(JOB_STATES.indexOf(to)).toBeGreaterThanOrEqual(JOB_STATES.indexOf(from));
  if (hasEnded(from)) {
    expect(to).toBe(from);
    expect(after.job.finished_at).toBe(before.job.finished_at);
    expect(after.job.error).toEqual(before.job.error);
  }
  if (hasEnded(to)) expect(after.job).not.toHaveProperty('sealed_work');
  else expect(after.job.sealed_work).toBe(before.job.sealed_work);
  if (before.job.outcome !== undefined) expect(after.job.outcome).toEqual(before.job.outcome);
  for (const name of SET_ONCE)
    if (before.job[name] !== undefined) expect(after.job[name]).toBe(before.job[name]);
  const [shown, showsNow] = [jobResource(before), jobResource(after)];
  for (const name of ['encode_completion_pct', 'packaging_completion_pct'] as const) {
    expect(showsNow[name], name).toBeGreaterThanOrEqual(shown[name]);
    expect(showsNow[name], name).toBeLessThanOrEqual(1);
  }
}

it('goes forward only, whatever is done to a job in whatever order', async () => {
  const ends = new Set<string>();
  const property = fc.asyncProperty(changes, async (steps) => {
    const job = newJob();
    await store.jobs.create(job);
    let before = await load(job.job_id);
    for (const [index, step] of steps.entries()) {
      await makeAll(step, job.job_id, new Date(Date.UTC(2026, 0, 1, 0, 0, index)));
      const after = await load(job.job_id);
      expectLegal(before, after);
      before = after;
    }
    ends.add(before.job.status);
  });
  await fc.assert(property, { numRuns: 200, seed });
  expect([...ends].sort()).toEqual([...JOB_STATES].sort());
});
