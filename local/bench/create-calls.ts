import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { CreateOrder, Creates } from './create-process.ts';

/** As scripts/build.mjs makes it, from the repository's folder. */
const PROGRAM = '.build/bench-create.mjs';

/** Creates jobs one after another with the built function, in a process of its own that has this one's environment. */
export async function createJobs(order: CreateOrder): Promise<Creates> {
  const child = fork(PROGRAM);
  child.send(order);
  const ended = once(child, 'exit').then(([code]): never => {
    throw new Error(`The creates ended with ${code}.`);
  });
  // It ends after its answer, too.
  ended.catch(() => {});
  const [creates] = (await Promise.race([once(child, 'message'), ended])) as [Creates];
  return creates;
}
