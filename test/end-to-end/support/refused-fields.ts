type Fields = Record<string, unknown>;

const creds = { access_key_id: 'AKIAEXAMPLE', secret_access_key: 'secret' };
export const destination = { provider: 's3', bucket: 'renditions', creds };
export const output = { codec: 'h264', resolution: '1280x720', dest_path: 'out.mp4' };
const integer = (from: number, to: number, unit = '') =>
  `must be a whole number from ${from} to ${to}${unit}`;

/** Fields of a request that are missing or wrong, and what is said to them. */
export const REFUSED_FIELDS: readonly [fields: Fields, error: string][] = [
  [{ input: undefined }, 'input is required'],
  [{ input: 'https://media.example/in.mp4' }, 'input must be an object with url'],
  [{ input: {} }, 'input.url is required'],
  [{ input: { url: 7 } }, 'input.url must be a URL that starts with http:// or https://'],
  [{ input: { url: 's3://bucket/in.mp4' } }, 'input.url must be a URL that starts with http:// or https://'],
  [
    { input: { url: 'https://me:hush@media.example/in.mp4' } },
    'input.url must not hold a user name or password; use a presigned URL instead',
  ],
  [{ destination: undefined }, 'destination is required'],
  [{ destination: [] }, 'destination must be an object with provider, bucket and creds'],
  [{ destination: { ...destination, provider: 'gcs' } }, 'destination.provider must be s3'],
  [
    { destination: { ...destination, region: 'Ohio' } },
    'destination.region must be an AWS region such as us-east-1',
  ],
  [{ destination: { ...destination, bucket: undefined } }, 'destination.bucket is required'],
  [
    { destination: { ...destination, bucket: 'My Bucket' } },
    'destination.bucket must be an S3 bucket name: 3 to 63 lower-case letters, digits, hyphens and single dots, not an IP address',
  ],
  [{ destination: { ...destination, creds: undefined } }, 'destination.creds is required'],
  [
    { destination: { ...destination, creds: 'AKIA' } },
    'destination.creds must be an object with access_key_id and secret_access_key',
  ],
  [
    { destination: { ...destination, creds: { access_key_id: 'AKIAEXAMPLE' } } },
    'destination.creds.secret_access_key is required',
  ],
  [
    { destination: { ...destination, creds: { ...creds, access_key_id: 'AKIA\n' } } },
    'destination.creds.access_key_id must be 1 to 128 printable ASCII characters without spaces at either end',
  ],
  [{ outputs: undefined }, 'outputs is required'],
  [{ outputs: output }, 'outputs must be a list of 1 to 20 outputs'],
  [{ outputs: [] }, 'outputs must have at least one output'],
  [{ outputs: ['720p'] }, 'outputs[0] must be an object with codec, resolution and dest_path'],
  [{ outputs: [{ ...output, codec: 'vp9' }] }, 'outputs[0].codec must be h264'],
  [{ outputs: [{ ...output, dest_path: undefined }] }, 'outputs[0].dest_path is required'],
  [
    { outputs: [{ ...output, dest_path: '/out.mp4' }] },
    'outputs[0].dest_path must be an S3 key of 1 to 1024 bytes of UTF-8 that does not start with a slash',
  ],
  [
    { outputs: [{ ...output, resolution: '720p' }] },
    'outputs[0].resolution must be WIDTHxHEIGHT with even sides of 16 to 4096 pixels, or -1 for a side that follows the aspect ratio',
  ],
  [
    { outputs: [{ ...output, bitrate_kbps: '5 Mbit' }] },
    `outputs[0].bitrate_kbps ${integer(1, 800_000, ' kbit/s')}`,
  ],
  [{ outputs: [{ ...output, cq: 52 }] }, `outputs[0].cq ${integer(0, 51)}`],
  [{ outputs: [{ ...output, qp: [] }] }, `outputs[0].qp ${integer(-1, 51)}`],
  [
    { outputs: [{ ...output, preset: 'veryslow' }] },
    'outputs[0].preset must be slow, medium, fast, hp, hq, ll, llhq or llhp',
  ],
  [{ outputs: [{ ...output, rc: 'crf' }] }, 'outputs[0].rc must be constqp, vbr, vbr_hq, cbr or cbr_hq'],
  [{ outputs: [output, output] }, 'outputs[1].dest_path is the same as that of outputs[0]'],
  [{ callback: 7 }, 'callback must be a URL or an object with url'],
  [
    { callback: { url: 'https://media.example', secret: 'password' } },
    'callback.secret must be a Standard Webhooks secret: base64 of 24 to 64 random bytes, with or without whsec_ in front',
  ],
  [{ metadata: { a: 1 } }, 'metadata.a must be a string of at most 1024 characters'],
  [{ inputs: {} }, 'inputs is not a known key; did you mean input?'],
];
