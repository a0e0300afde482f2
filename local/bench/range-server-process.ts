import { fork } from 'node:child_process';
import { once } from 'node:events';
import * as v from 'valibot';
import { type Distance, serveFile } from './range-server.ts';

/** Has this program be the server. */
export const SERVE_ARGUMENT = 'serve-a-file';

const messageSchema = v.object({ url: v.string(), cuts: v.number() });

/** A file that is served from a process of its own, as from a distance. */
export interface FarFile {
  readonly url: string;
  /** @returns how many connections were cut */
  close(): Promise<number>;
}

/** @param program that this is built into */
export async function startServer(program: string, path: string, distance: Distance): Promise<FarFile> {
  const child = fork(program, [SERVE_ARGUMENT, path, JSON.stringify(distance)]);
  const heard = async () => v.parse(messageSchema, (await once(child, 'message'))[0]);
  const { url } = await heard();
  return {
    url,
    async close() {
      const last = heard();
      child.send('close');
      const { cuts } = await last;
      child.disconnect();
      return cuts;
    },
  };
}

/** What the process does that was started. */
export async function runServer(path: string, distance: string): Promise<void> {
  const server = await serveFile(path, JSON.parse(distance) as Distance);
  const tell = () => process.send?.({ url: server.url, cuts: server.cuts });
  process.once('message', tell);
  process.once('disconnect', () => process.exit(0));
  tell();
}
