import './quiet-sdk.ts';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { DataFolder } from './data-folder.ts';
import { ENDPOINTS_FILE, type Endpoints } from './endpoints.ts';
import { readLocalEnvironment } from './env.ts';
import { findFfmpeg } from './ffmpeg.ts';
import { greeting } from './greeting.ts';
import { MediaStore } from './media-store.ts';
import { startStack } from './stack.ts';

const USAGE = `npm start [-- --port N --data DIR]

  --port N    port of the API; 0 is any free one (default 4750)
  --data DIR  folder that keeps jobs and files (default .octet)

  OCTET_LOCAL_API_KEYS=alice,bob  asks for one of these keys in the header x-api-key
  OCTET_LOCAL_WORKERS=2           jobs that run at once (default: half of the processors)
  OCTET_LOCAL_SPLIT=4             splits every job that can be split into so many parts
  OCTET_LOCAL_SUBMITS_PER_SECOND=10  how many jobs the local Batch takes in a second (default: 50, as Batch)
  OCTET_LOCAL_WORKER=scripts/run-image.mjs  runs jobs in the image that \`npm run image\` builds`;

/** Of the clip that the greeting's call is for. */
const SAMPLE_SECONDS = 3;

function readArguments(): { port: number; data: string; help: boolean } {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4750' },
      data: { type: 'string', default: '.octet' },
      help: { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`--port must be a number from 0 to 65535, and is ${values.port}.`);
  }
  return { ...values, port };
}

async function main(): Promise<void> {
  const { port, data, help } = readArguments();
  if (help) {
    console.log(USAGE);
    return;
  }
  const folder = new DataFolder(data);
  // One that was killed could not remove it.
  folder.removeFile(ENDPOINTS_FILE);
  const tools = findFfmpeg(process.env);
  const environment = readLocalEnvironment();
  const stack = await startStack({ folder, environment, tools, port }).catch((error) => {
    folder.release();
    throw readable(error, port);
  });
  const endpoints: Endpoints = {
    api: stack.api,
    s3: stack.s3,
    bucket: stack.bucket,
    access_key_id: stack.settings.access_key_id,
    secret_access_key: stack.settings.secret_access_key,
    callback_secret: stack.settings.webhook_secret,
    pid: process.pid,
  };
  folder.writeFile(ENDPOINTS_FILE, endpoints);
  const media = new MediaStore(stack);
  const sampleUrl = await media.sample(tools, SAMPLE_SECONDS);
  media.close();
  const [apiKey] = environment.apiKeys?.keys() ?? [];
  console.log(greeting({ stack, tools, dataFolder: folder.path, sampleUrl, apiKey }));
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  console.log('Ending; jobs that run are taken up again at the next start.');
  folder.removeFile(ENDPOINTS_FILE);
  await stack.close();
  folder.release();
}

function readable(error: unknown, port: number): unknown {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  return isTaken ? new Error(`Port ${port} is taken: give another one, or 0 for any, with --port.`) : error;
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
