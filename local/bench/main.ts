import '../quiet-sdk.ts';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setLogLevel } from '../../services/log.ts';
import { findFfmpeg } from '../ffmpeg.ts';
import type { Bench } from './bench.ts';
import { DOCUMENT, documentsOf } from './documents.ts';
import type { Findings } from './figures.ts';
import { describeMachine, machineText } from './machine.ts';
import { measureCreate } from './measure-create.ts';
import { measureEncodes } from './measure-encodes.ts';
import { measureMemory } from './measure-memory.ts';
import { measureReader } from './measure-reader.ts';
import { type BenchOptions, readOptions, USAGE } from './options.ts';
import { type BenchResult, jsonOf, notesOf, textTable } from './report.ts';

const FOLDER = join('.octet', 'bench');

const MEASUREMENTS: readonly ((bench: Bench) => Promise<Findings>)[] = [
  measureEncodes,
  measureReader,
  measureMemory,
  measureCreate,
];

async function measure({ only, rounds, json }: BenchOptions): Promise<BenchResult> {
  const begun = performance.now();
  // Standard output is the numbers' alone where they are wanted as JSON.
  const say = (text: string) => (json ? process.stderr : process.stdout).write(`${text}\n`);
  const tools = findFfmpeg({ ...process.env });
  const machine = describeMachine(tools);
  say(machineText(machine));
  mkdirSync(FOLDER, { recursive: true });
  const scratch = mkdtempSync(join(tmpdir(), 'octet-bench-'));
  const bench = { tools, only, rounds, folder: FOLDER, scratch, say };
  process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
  const findings: Findings = {};
  for (const each of MEASUREMENTS) Object.assign(findings, await each(bench));
  return { machine, rounds, seconds: Math.round((performance.now() - begun) / 1000), findings };
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(USAGE);
    return;
  }
  setLogLevel('error');
  // What was started ends with this process. Each listens for that, and there are many in turns.
  process.setMaxListeners(0);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const result = await measure(options);
  if (options.docs) writeDocuments(result);
  if (options.json) console.log(JSON.stringify(jsonOf(result)));
  else
    console.log([textTable(result.findings), ...notesOf(result.findings), `${result.seconds} s.`].join('\n'));
}

function writeDocuments(result: BenchResult): void {
  for (const [path, text] of Object.entries(documentsOf(result, readFileSync(DOCUMENT, 'utf8')))) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
