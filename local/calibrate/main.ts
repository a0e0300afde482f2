import '../quiet-sdk.ts';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DataFolder } from '../data-folder.ts';
import { findFfmpeg } from '../ffmpeg.ts';
import { SPEEDS_FILE } from '../local-plans.ts';
import { measureSpeeds } from './measure-speeds.ts';

const USAGE = `npm run calibrate [-- --data DIR]

  Measures how fast this machine decodes, scales, encodes, begins and ends jobs, and keeps it in the service's data folder.
  From then on the service plans with it: POST /v0/jobs/plan tells how long a job will take.

  --data DIR  the data folder of the service (default .octet)`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { data: { type: 'string', default: '.octet' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const folder = new DataFolder(values.data);
  const clips = folder.sub('bench');
  mkdirSync(clips, { recursive: true });
  const scratch = mkdtempSync(join(tmpdir(), 'octet-calibrate-'));
  try {
    const tools = findFfmpeg({ ...process.env });
    const speeds = await measureSpeeds({ tools, folder: clips, scratch, say: console.log });
    folder.writeFile(SPEEDS_FILE, speeds);
    console.log(JSON.stringify(speeds, null, 2));
    console.log(`Kept in ${folder.sub(SPEEDS_FILE)}.`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    folder.release();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
