import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { LocalServer } from '../http-server.ts';
import type { S3ProcessMessage } from './process.ts';
import type { LocalS3Options } from './server.ts';

/**
 * Starts S3 in a process of its own, so that the gigabytes that pass through it are nothing to the service. It ends with
 * the process that started it.
 *
 * @param file the built process.ts
 * @throws the server's error, `EADDRINUSE` among others
 */
export async function startS3Process(file: string, options: LocalS3Options): Promise<LocalServer> {
  const child = fork(file, { execArgv: ['--max-old-space-size=96', '--max-semi-space-size=2'] });
  child.send(options);
  const [message] = (await Promise.race([once(child, 'message'), ended(child)])) as [S3ProcessMessage];
  if ('error' in message) {
    child.disconnect();
    throw Object.assign(new Error(message.error), { code: message.code });
  }
  return {
    ...message,
    async close() {
      const exit = once(child, 'exit');
      if (child.connected) child.disconnect();
      await exit;
    },
  };
}

async function ended(child: ReturnType<typeof fork>): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`The local S3 ended with ${code} before it was ready.`);
}
