import { v7 as uuid } from 'uuid';
import { beforeEach, expect, it } from 'vitest';
import { listJobs } from '../../services/list-jobs.ts';
import { useJobStore } from '../support/job-store.ts';
import { failure, newJob } from '../support/jobs.ts';

const store = useJobStore();
const at = new Date('2026-01-01T00:00:01.000Z');
let tenant: string;
/** Newest first. */
let ids: string[];

beforeEach(async () => {
  tenant = `tenant-${uuid()}`;
  ids = [];
  for (let count = 0; count < 5; count++) ids.unshift(await stored(tenant));
  await stored(`another-${uuid()}`);
});

async function stored(owner: string): Promise<string> {
  const job = newJob({ tenant: owner, metadata: { title: 'A film' } });
  await store.jobs.create(job);
  return job.job_id;
}

const listed = (parameters: Record<string, string> = {}) => listJobs(store.finder, tenant, parameters);
const idsOf = ({ jobs }: { jobs: readonly { job_id: string }[] }) => jobs.map(({ job_id }) => job_id);

it("lists a tenant's own jobs, newest first", async () => {
  const list = await listed();
  expect(idsOf(list)).toEqual(ids);
  expect(list).not.toHaveProperty('next_cursor');
});

it('says of each job what it is', async () => {
  await store.jobs.end(ids[0] ?? '', { status: 'error', error: failure, owesCallback: false, at });
  const [job] = (await listed({ limit: '1' })).jobs;
  expect(job).toEqual({
    job_id: ids[0],
    status: 'error',
    created_at: expect.any(String),
    finished_at: at.toISOString(),
    input: { url: expect.any(String) },
    outputs: [{ dest_path: expect.any(String) }],
    error: failure,
    metadata: { title: 'A film' },
  });
});

it.each([1, 2, 3, 4, 5, 6])('gives all of them in pages of %d', async (limit) => {
  const found: string[] = [];
  let cursor: string | undefined;
  let pages = 0;
  do {
    const list = await listed({ limit: String(limit), ...(cursor !== undefined && { cursor }) });
    expect(list.jobs.length).toBeLessThanOrEqual(limit);
    found.push(...idsOf(list));
    cursor = list.next_cursor;
    pages += 1;
  } while (cursor !== undefined);
  expect(found).toEqual(ids);
  expect(pages).toBe(Math.ceil(ids.length / limit));
});

it('goes on behind a job when others have come meanwhile', async () => {
  const first = await listed({ limit: '2' });
  await stored(tenant);
  const second = await listed({ limit: '2', cursor: first.next_cursor ?? '' });
  expect([...idsOf(first), ...idsOf(second)]).toEqual(ids.slice(0, 4));
});

it('lists those that are in one state', async () => {
  const done = [ids[1] ?? '', ids[3] ?? ''];
  for (const id of done) await store.jobs.end(id, { status: 'complete', owesCallback: false, at });
  expect(idsOf(await listed({ status: 'complete' }))).toEqual(done);
  const first = await listed({ status: 'complete', limit: '1' });
  expect(idsOf(first)).toEqual(done.slice(0, 1));
  expect(idsOf(await listed({ status: 'complete', limit: '1', cursor: first.next_cursor ?? '' }))).toEqual(
    done.slice(1),
  );
  expect(idsOf(await listed({ status: 'error' }))).toEqual([]);
});
