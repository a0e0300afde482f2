import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFfmpeg } from '../../local/ffmpeg.ts';

const run = promisify(execFile);

/**
 * Makes a file with ffmpeg.
 *
 * @param name of the file; its extension says the container
 * @param args with single spaces in between
 */
export async function makeClip(name: string, args: string): Promise<Buffer> {
  const { ffmpeg, environment } = findFfmpeg(process.env);
  const folder = await mkdtemp(join(tmpdir(), 'octet-clip-'));
  const path = join(folder, name);
  try {
    const env = { ...process.env, ...environment };
    await run(ffmpeg, ['-v', 'error', '-nostdin', '-y', ...args.split(' '), path], { env });
    return await readFile(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}
