import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Distance } from './range-server.ts';
import type { RangeServerMessage } from './range-server-process.ts';

/** As scripts/build.mjs makes it, from the repository's folder. */
const PROGRAM = '.build/bench-server.mjs';

/** A file that is served from a process of its own, as from a distance. */
export interface FarFile {
  readonly url: string;
  readonly pid: number;
  /** @returns how many connections were cut */
  close(): Promise<number>;
}

export async function startRangeServer(path: string, distance: Distance): Promise<FarFile> {
  const child = fork(PROGRAM, [path, JSON.stringify(distance)]);
  const heard = async () => (await once(child, 'message'))[0] as RangeServerMessage;
  const { url } = await heard();
  return {
    url,
    pid: Number(child.pid),
    async close() {
      const last = heard();
      child.send('close');
      const { cuts } = await last;
      child.disconnect();
      return cuts;
    },
  };
}
