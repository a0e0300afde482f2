import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { S3Client } from '@aws-sdk/client-s3';
import { Bucket, clientOf, credentials } from './harness.ts';

export interface ServerProcess {
  readonly client: S3Client;
  /** As a crash or an impatient user would. */
  kill(): Promise<void>;
  /** @returns the most memory that the process has had, in kB */
  stop(): Promise<number>;
}

/** Starts the server on a folder, in a process of its own. */
export async function startProcess(dataDir: string): Promise<ServerProcess> {
  const main = fileURLToPath(new URL('server-process.ts', import.meta.url));
  const options = JSON.stringify({ dataDir, credentials, buckets: [Bucket] });
  const child = spawn(process.execPath, ['--import', 'tsx', main, options], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const client = clientOf((await lines.next()).value);
  return {
    client,
    async kill() {
      client.destroy();
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      client.destroy();
      child.stdin.end();
      const { value } = await lines.next();
      await ended;
      return Number(value);
    },
  };
}
