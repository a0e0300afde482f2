import '../quiet-sdk.ts';
import { fileURLToPath } from 'node:url';
import { FaultPlan } from './faults.ts';
import { type ChaosOptions, readOptions, USAGE } from './options.ts';
import { ChaosRun } from './run.ts';
import { runService, SERVICE_ARGUMENT } from './service.ts';
import { type Stage, setStage } from './stage.ts';

/** How many findings are printed. */
const MOST_LINES = 100;

async function torment(options: ChaosOptions): Promise<number> {
  const { seed, jobs, split, json } = options;
  // Standard output is the numbers' alone where they are wanted as JSON.
  const say = (text: string) => (json ? process.stderr : process.stdout).write(`${text}\n`);
  say(`Seed ${seed}: ${jobs} jobs.`);
  const stage = await setStage({
    seed,
    environment: split === undefined ? {} : { OCTET_LOCAL_SPLIT: String(split) },
    program: fileURLToPath(import.meta.url),
    torment: new FaultPlan(seed, jobs),
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => stage.close({ keep: false }).finally(() => process.exit(130)));
  }
  let keep = true;
  try {
    const { webhook_secret } = await stage.service.start();
    stage.receivers.secret = webhook_secret;
    const run = new ChaosRun(options, stage, say);
    const { result, problems } = await run.run();
    const { jobs: _, complete, error, ...bad } = result;
    keep = Object.values(bad).some((count) => count > 0);
    say(`Errors: ${countsOf(run.errors)}.`);
    sayEnd(stage, problems, say);
    console.log(json ? JSON.stringify(result) : result);
    return keep ? 1 : 0;
  } finally {
    if (keep)
      say(`The seed ${seed} has the same faults again. The service's folder is kept: ${stage.folder}`);
    await stage.close({ keep });
  }
}

function sayEnd(
  { proxies, service, workers }: Stage,
  problems: readonly string[],
  say: (text: string) => void,
): void {
  say(`Requests by what happened to them: ${countsOf(proxies.faults)}.`);
  say(`Killed: ${workers.kills} workers, the service ${service.kills} times.`);
  for (const line of problems.slice(0, MOST_LINES)) say(`  ${line}`);
}

function countsOf(counts: Readonly<Record<string, number>>): string {
  const texts = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return texts.join(', ') || 'none';
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options !== undefined) return torment(options);
  console.log(USAGE);
  return 0;
}

if (process.argv[2] === SERVICE_ARGUMENT) runService();
else
  main().then(
    (code) => process.exit(code),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exit(1);
    },
  );
