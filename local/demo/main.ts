import '../quiet-sdk.ts';
import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import type { JobResource } from '../../domain/job/job-resource.ts';
import { hasEnded } from '../../domain/job/job-state.ts';
import { spanSchema } from '../../domain/plan/spans.ts';
import { setLogLevel } from '../../services/log.ts';
import { startReceiver } from '../callback-receiver.ts';
import { DataFolder } from '../data-folder.ts';
import { readLocalEnvironment } from '../env.ts';
import { type FfmpegTools, findFfmpeg } from '../ffmpeg.ts';
import { MediaStore } from '../media-store.ts';
import { type LocalStack, startStack } from '../stack.ts';
import { bars, LiveLines } from './bars.ts';
import { readOptions, USAGE } from './options.ts';
import { splitLine } from './split-line.ts';
import { resultTable } from './table.ts';

const DATA_FOLDER = join('.octet', 'demo');

const RENDITIONS = [
  { resolution: '-1x720', bitrate_kbps: 2500, preset: 'fast' },
  { resolution: '-1x480', bitrate_kbps: 1200, preset: 'fast' },
  { resolution: '-1x240', bitrate_kbps: 400, preset: 'fast' },
];

const SAMPLE_SECONDS = 8;

/** How often the job is asked for. */
const POLL_MS = 250;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(USAGE);
    return;
  }
  setLogLevel('error');
  // Standard output is the job's alone when it is wanted as JSON.
  const out = options.json ? process.stderr : process.stdout;
  const say = (text: string) => out.write(`${text}\n`);
  const folder = new DataFolder(DATA_FOLDER);
  const tools = findFfmpeg({ ...process.env });
  if (tools.origin === 'npm')
    say('No ffmpeg is on PATH, so the one of 2018 from npm is used. A newer one is faster.');
  const given = readLocalEnvironment();
  const environment = { ...given, apiKeys: undefined, split: options.split ?? given.split };
  const stack = await startStack({ folder, environment, tools, port: 0 });
  const media = new MediaStore(stack);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // A job that nobody waits for is not to go on in the background.
    process.once(signal, () => stack.close().finally(() => process.exit(130)));
  }
  try {
    const url = await inputUrl(options.input, media, tools);
    const job = await runJob(stack, { url, isSplit: environment.split !== undefined }, out);
    say(`\n${resultTable(job)}\n`);
    const files = await fetchOutputs(job, media, folder.sub('outputs'));
    for (const file of files) say(`  ${file}`);
    if (options.json) console.log(JSON.stringify(job, null, 2));
    if (job.status !== 'complete') throw new Error(`The job failed: ${job.error?.message}`);
  } finally {
    media.close();
    await stack.close();
    folder.release();
  }
}

async function inputUrl(input: string | undefined, media: MediaStore, tools: FfmpegTools): Promise<string> {
  if (input === undefined) return media.sample(tools, SAMPLE_SECONDS);
  if (/^https?:\/\//.test(input)) return input;
  const isFile = statSync(input, { throwIfNoEntry: false })?.isFile();
  if (!isFile) throw new Error(`There is no file ${input}: give the path of a video, or its URL.`);
  return media.upload(input, `inputs/${basename(input)}`);
}

interface DemoJob {
  readonly url: string;
  /** Whether it is wanted split. */
  readonly isSplit: boolean;
}

/** Posts a job, shows how it comes on, and waits for its callback. */
async function runJob(
  stack: LocalStack,
  { url, isSplit }: DemoJob,
  out: NodeJS.WriteStream,
): Promise<JobResource> {
  const { api, bucket, settings } = stack;
  const receiver = await startReceiver(settings.webhook_secret);
  try {
    const outputs = RENDITIONS.map((rendition) => ({
      codec: 'h264',
      ...rendition,
      dest_path: `video_${rendition.resolution.split('x')[1]}.mp4`,
    }));
    const creds = { access_key_id: settings.access_key_id, secret_access_key: settings.secret_access_key };
    const body = {
      input: { url },
      destination: { provider: 's3', bucket, creds },
      outputs,
      callback: receiver.url,
    };
    if (isSplit) {
      const plan = await call(`${api}/v0/jobs/plan`, planSchema, JSON.stringify(body));
      out.write(`${splitLine(plan)}\n`);
    }
    const { job_id } = await call(`${api}/v0/jobs/create`, createdSchema, JSON.stringify(body));
    out.write(`Job ${job_id}\n\n`);
    const job = await follow(`${api}/v0/jobs/${job_id}`, new LiveLines(out));
    const payload = await receiver.received;
    out.write(`\nThe callback came, and its signature is right: ${JSON.stringify(payload)}\n`);
    return job;
  } finally {
    await receiver.close();
  }
}

const planSchema = v.object({ chunks: v.array(spanSchema), children: v.number() });
const createdSchema = v.object({ job_id: v.string() });
const jobSchema = v.custom<JobResource>(
  (value) => typeof value === 'object' && value !== null && 'job_id' in value,
);

async function follow(url: string, lines: LiveLines): Promise<JobResource> {
  for (;;) {
    const job = await call(url, jobSchema);
    lines.show(bars(job));
    if (hasEnded(job.status)) return job;
    await delay(POLL_MS);
  }
}

/** Calls the API. @param body posted where there is one */
async function call<T>(url: string, schema: v.GenericSchema<unknown, T>, body?: string): Promise<T> {
  const response = await fetch(url, body === undefined ? {} : { method: 'POST', body });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(v.parse(v.object({ error: v.string() }), answer).error);
  return v.parse(schema, answer);
}

async function fetchOutputs(job: JobResource, media: MediaStore, folder: string): Promise<string[]> {
  const made = job.outputs.filter(({ status }) => status === 'complete');
  return Promise.all(
    made.map(async ({ dest_path }) => {
      const path = join(folder, dest_path);
      await media.download(dest_path, path);
      return path;
    }),
  );
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
