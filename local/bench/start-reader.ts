import { fork } from 'node:child_process';
import { once } from 'node:events';
import { WORKER_NODE_FLAGS } from '../../domain/environment.ts';

/** As scripts/build.mjs makes it, from the repository's folder. */
const PROGRAM = '.build/bench-reader.mjs';

/** The worker's reader of inputs, in a process of its own, as a worker is one. */
export interface ReaderProcess {
  readonly pid: number;
  /** Opens an input. @returns the URL at which it is served to ffmpeg */
  open(url: string): Promise<string>;
  close(): void;
}

export async function startReader(): Promise<ReaderProcess> {
  const child = fork(PROGRAM, { execArgv: [...WORKER_NODE_FLAGS] });
  const heard = async () => String((await once(child, 'message'))[0]);
  await heard();
  return {
    pid: Number(child.pid),
    open(url) {
      const served = heard();
      child.send(url);
      return served;
    },
    close: () => child.disconnect(),
  };
}
