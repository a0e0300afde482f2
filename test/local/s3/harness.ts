import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach } from 'vitest';
import type { LocalServer } from '../../../local/http-server.ts';
import { type LocalS3Options, startS3 } from '../../../local/s3/server.ts';
import { type SigningContext, sha256, signingKey, signRequest } from '../../../local/s3/sigv4.ts';

export const credentials = { accessKeyId: 'local', secretAccessKey: 'local secret' };
export const region = 'us-east-1';
export const Bucket = 'videos';

/** What one test has. */
export interface Harness {
  readonly folder: string;
  server: LocalServer;
  client: S3Client;
}

/** A server with one empty bucket, and a client, before each test. */
export function useS3(overrides: Partial<LocalS3Options> = {}): Harness {
  const harness = {} as { -readonly [key in keyof Harness]: Harness[key] };
  beforeEach(async () => {
    harness.folder = mkdtempSync(join(tmpdir(), 'octet-s3-'));
    await start(harness, overrides);
  });
  afterEach(async () => {
    await stop(harness);
    rmSync(harness.folder, { recursive: true });
  });
  return harness;
}

/** Starts a server on the test's folder; also the second one, after a restart. */
export async function start(harness: Harness, overrides: Partial<LocalS3Options> = {}): Promise<void> {
  const options = { dataDir: harness.folder, credentials, buckets: [Bucket], ...overrides };
  harness.server = await startS3(options);
  harness.client = clientOf(harness.server.url, { region: options.region ?? region });
}

export async function stop(harness: Harness): Promise<void> {
  harness.client.destroy();
  await harness.server.close();
}

/** The SDK warns of refused uploads, which these tests are about. */
const logger = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

export function clientOf(endpoint: string, config: S3ClientConfig = {}): S3Client {
  return new S3Client({ endpoint, region, credentials, maxAttempts: 1, logger, ...config });
}

export function put(
  { client }: Pick<Harness, 'client'>,
  Key: string,
  Body: PutObjectCommandInput['Body'] = 'content',
  input: Partial<PutObjectCommandInput> = {},
) {
  return client.send(new PutObjectCommand({ Bucket, Key, Body, ...input }));
}

/** The object as text. */
export async function read({ client }: Pick<Harness, 'client'>, Key: string): Promise<string | undefined> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  return Body?.transformToString();
}

/** Every file in the data folder, by its path in it. */
export function filesOf({ folder }: Pick<Harness, 'folder'>): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name).slice(folder.length));
}

export interface RawRequest {
  readonly method?: string;
  /** As it stands in the request line. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Of the body. @default its hash */
  readonly payloadHash?: string;
  /** Headers that are added, or changed, behind the signature's back. */
  readonly unsigned?: Readonly<Record<string, string>>;
  /** Makes the body out of the request's signature. */
  readonly sign?: (context: SigningContext, signature: string) => string | Buffer;
}

export interface RawAnswer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Of an error. */
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/** Signs and sends what no SDK would send. */
export function sendRaw({ server }: Pick<Harness, 'server'>, raw: RawRequest): Promise<RawAnswer> {
  const { path = '/', method } = raw;
  const { headers, body } = signRaw(server, raw);
  return send(server, { method, path, headers }, body);
}

/** @returns what to send */
export function signRaw({ port }: Pick<LocalServer, 'port'>, raw: RawRequest) {
  const { method = 'GET', path = '/', body = '' } = raw;
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const payloadHash = raw.payloadHash ?? sha256(body);
  const own = { host: `127.0.0.1:${port}`, 'x-amz-date': time, 'x-amz-content-sha256': payloadHash };
  const headers = { ...own, ...raw.headers };
  const scope = { date: time.slice(0, 8), region, service: 's3' };
  const context = { key: signingKey(credentials.secretAccessKey, scope), scope, time };
  const [rawPath = '', query = ''] = path.split('?');
  const parameters = query
    .split('&')
    .filter(Boolean)
    .map((pair) => pair.split('=').map(decodeURIComponent))
    .map(([name = '', value = '']) => [name, value] as const);
  const signed = { method, path: decodeURIComponent(rawPath), parameters, headers, payloadHash };
  const signature = signRequest(context, signed);
  const credential = `${credentials.accessKeyId}/${scope.date}/${region}/s3/aws4_request`;
  const names = Object.keys(headers).sort().join(';');
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
  const all = { ...headers, authorization, ...raw.unsigned };
  return { headers: all, body: raw.sign?.(context, signature) ?? body };
}

/** Sends a request as it is. */
export function send(
  { port }: Pick<LocalServer, 'port'>,
  request: Pick<RawRequest, 'method' | 'headers'> & { readonly path: string },
  body: string | Buffer = '',
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, agent: false, ...request };
    const sent = httpRequest(options, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      const [code, message] = ['Code', 'Message'].map(
        (name) => new RegExp(`<${name}>(.*?)</`).exec(text)?.[1],
      );
      const { statusCode: status, headers } = response;
      resolve({ status, headers, text, code, message });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
