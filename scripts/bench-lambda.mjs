// npm run bench:lambda [-- --json]
// Size of each Lambda function and how long its import takes: what a cold start adds to starting Node.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildFunctions } from './build-cloud.mjs';
import { buildDir } from './bundle.mjs';

const RUNS = 20;

/** Functions read it as they are imported. */
const environment = {
  PATH: process.env.PATH,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  TABLE_NAME: 'jobs',
  JOB_QUEUE: 'jobs',
  JOB_DEFINITION: 'worker',
  KMS_KEY_ID: 'key',
  CALLBACK_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/123456789012/callbacks',
  SUBMISSION_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/123456789012/submissions',
  CALLBACK_SECRET_ID: 'secret',
};

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const sizes = await buildFunctions();
const results = Object.entries(sizes).map(([handler, { start, all }]) => ({
  handler,
  // Of what is loaded before the first event; what create-job loads during it comes to the rest of kb_all.
  kb: inKb(start),
  kb_all: inKb(all),
  import_ms: median(Array.from({ length: RUNS }, () => importTime(handler))),
}));
console.log(values.json ? JSON.stringify(results) : tableOf(results));

/** In a fresh process, in milliseconds. */
function importTime(handler) {
  const file = join(buildDir, 'lambdas', handler, 'index.mjs');
  const code = `const start = performance.now(); await import(${JSON.stringify(file)}); console.log(performance.now() - start)`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    env: environment,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${handler} cannot be imported: ${stderr}`);
  return Number(stdout);
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.floor(sorted.length / 2)]);
}

function inKb(bytes) {
  return Math.round(bytes / 1000);
}

function tableOf(rows) {
  const lines = rows.map(({ handler, kb, kb_all, import_ms }) => [handler, kb, kb_all, import_ms]);
  return [['handler', 'kB at start', 'kB in all', 'import ms'], ...lines]
    .map(
      ([name, ...numbers]) =>
        `${name.padEnd(18)}${numbers.map((each) => String(each).padStart(13)).join('')}`,
    )
    .join('\n');
}
