import type { FfmpegTools } from './ffmpeg.ts';
import type { LocalStack } from './stack.ts';

export interface GreetingOptions {
  readonly stack: LocalStack;
  readonly tools: FfmpegTools;
  readonly dataFolder: string;
  readonly sampleUrl: string;
  /** A key that the API takes; undefined where it asks for none. */
  readonly apiKey: string | undefined;
}

/** What the service says when it is ready: where it is, and a call to begin with. */
export function greeting({ stack, tools, dataFolder, sampleUrl, apiKey }: GreetingOptions): string {
  const key = apiKey === undefined ? '' : ` -H 'x-api-key: ${apiKey}'`;
  const { api, s3, bucket, settings } = stack;
  const creds = { access_key_id: settings.access_key_id, secret_access_key: settings.secret_access_key };
  const body = {
    input: { url: sampleUrl },
    destination: { provider: 's3', region: 'us-east-1', bucket, creds },
    outputs: [{ codec: 'h264', resolution: '1280x-1', dest_path: 'video_720.mp4' }],
  };
  return `
Octet is ready.

  API     ${api}
  S3      ${s3}  (bucket ${bucket}, ${creds.access_key_id} / ${creds.secret_access_key})
  data    ${dataFolder}
  ffmpeg  ${tools.ffmpeg}${tools.origin === 'npm' ? '  (a build of 2018; a newer one on PATH is faster)' : ''}

Send a job for the sample clip, then ask for it with the id that it answers:

  curl -s ${api}/v0/jobs/create${key} -d '${JSON.stringify(body)}'
  curl -s ${api}/v0/jobs/JOB_ID${key}

Ctrl-C ends it.
`;
}
