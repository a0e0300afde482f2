import { setTimeout as delay } from 'node:timers/promises';
import type { Answer, Client } from './client.ts';
import type { JobSpec } from './job-specs.ts';

/** A job that the service has said yes to. */
export interface AcceptedJob {
  readonly jobId: string;
  readonly spec: JobSpec;
}

/** What was asked of the service, and what it has said. */
export interface Posted {
  readonly accepted: AcceptedJob[];
  /** By its tag: every job that was asked for, which may be stored though nobody said so. */
  readonly asked: Map<string, JobSpec>;
  /** The jobs that the service has said it has cancelled. */
  readonly cancelled: Set<string>;
}

/** A request on its way. The same one is sent until it is answered; where it is refused, it becomes another one. */
interface Request {
  readonly spec: JobSpec;
  readonly version: number;
}

const CONNECTIONS = 4;

const PAUSE_MS = 200;

/**
 * Posts jobs over a few connections, each until it is accepted, and cancels those that are to be cancelled.
 *
 * @throws RefusedError when one is refused for a reason that has nothing to do with faults; the signal's reason
 */
export async function postJobs(
  specs: readonly JobSpec[],
  client: Client,
  posted: Posted,
  signal: AbortSignal,
): Promise<void> {
  const left: Request[] = specs.map((spec) => ({ spec, version: 1 }));
  const cancels: Promise<void>[] = [];
  const connection = async () => {
    for (let request = left.shift(); request !== undefined; request = left.shift()) {
      const { spec, version } = request;
      const tag = `${spec.index}-${version}`;
      posted.asked.set(tag, spec);
      const answer = await send(client, spec, tag);
      if (answer.kind === 'done') {
        posted.accepted.push({ jobId: answer.jobId, spec });
        cancels.push(cancel(client, answer.jobId, spec, posted, signal));
      } else {
        // Others go first, so that none waits for a key whose first request was lost.
        left.push(answer.kind === 'refused' ? { spec, version: version + 1 } : request);
        await delay(PAUSE_MS, undefined, { signal });
      }
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  await Promise.all(cancels);
}

/** Sends a job, or sends it twice at once where its client is like that: it is one job all the same. */
async function send(client: Client, spec: JobSpec, tag: string): Promise<Answer> {
  const times = spec.isSentTwice ? [1, 2] : [1];
  const answers = await Promise.all(times.map(() => client.create(spec, tag)));
  const isLeft = (kind: Answer['kind']) => answers.find((answer) => answer.kind === kind);
  return isLeft('done') ?? isLeft('unheard') ?? isLeft('refused') ?? { kind: 'unheard', why: '' };
}

async function cancel(
  client: Client,
  jobId: string,
  { cancelAfterMs }: JobSpec,
  { cancelled }: Posted,
  signal: AbortSignal,
): Promise<void> {
  if (cancelAfterMs === undefined) return;
  await delay(cancelAfterMs, undefined, { signal });
  let answer: Answer;
  do {
    answer = await client.cancel(jobId);
    if (answer.kind === 'done') cancelled.add(jobId);
    else if (answer.kind === 'unheard') await delay(PAUSE_MS, undefined, { signal });
  } while (answer.kind === 'unheard');
}
