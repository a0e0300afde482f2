import type { WorkerAnswer } from './in-image/ask-worker.ts';
import type { Command, CommandResult } from './in-image/run-commands.ts';
import { programMount } from './programs.ts';
import type { StandInEnvironment } from './stand-in.ts';

/** The program that calls parts of the worker. */
export const ASK_WORKER = programMount('ask-worker');

/** Calls a part of the worker in the image: see ask-worker.ts. */
export function askWorker(env: StandInEnvironment, ...words: string[]): Command {
  return { args: ['node', ASK_WORKER.to, ...words], env: { ...env } };
}

/** @throws Error when the call was not made */
export function answerOf(result: CommandResult | undefined): WorkerAnswer {
  // The worker's log comes before it.
  const answer = result?.stdout.trim().split('\n').at(-1);
  if (result?.exitCode !== 0 || !answer) throw new Error(`The worker gives no answer: ${result?.stderr}`);
  return JSON.parse(answer);
}
