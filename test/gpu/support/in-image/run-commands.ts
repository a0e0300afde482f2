// Runs in the image, for starting a container takes longer than what most commands do.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { INPUT_PATH, INPUT_URL } from '../input.ts';

/** A program with its arguments, and what it gets besides the container's environment. */
export interface Command {
  readonly args: readonly [program: string, ...string[]];
  readonly env?: { readonly [name: string]: string | undefined };
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of JSON in the stand-in's log, in the order in which encoders were opened. */
  readonly asked: readonly string[];
}

/** Lists of commands: one after the other; the commands of each at once, as far as processors go. */
export type Batches = readonly (readonly Command[])[];

/** How many run at the same time: an ffmpeg that fails waits for up to two seconds before it ends. */
const AT_ONCE = 4;

function run({ args: [program, ...words], env }: Command, log: string): Promise<CommandResult> {
  const args = words.map((word) => (word === INPUT_URL ? url : word));
  return new Promise((resolve) => {
    const options = { env: { ...process.env, STAND_IN_LOG: log, ...env }, cwd: '/scratch' };
    execFile(program, args, options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : Number(error.code);
      const lines = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : [];
      resolve({ exitCode, stdout, stderr, asked: lines });
    });
  });
}

async function runBatch(commands: readonly Command[], name: string): Promise<CommandResult[]> {
  const results: CommandResult[] = [];
  const waiting = [...commands.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, command] = next;
      results[index] = await run(command, `/scratch/${name}-${index}.log`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

/** As the worker does, which lets ffmpeg read from nothing but its own server. */
const server = createServer((_, response) => {
  createReadStream(INPUT_PATH).pipe(response);
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

const batches: Batches = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const results: CommandResult[][] = [];
for (const [index, commands] of batches.entries()) results.push(await runBatch(commands, `batch-${index}`));
process.stdout.write(JSON.stringify(results));
server.close();
