import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Destination } from '../../../domain/request/destination.ts';
import { destinationClient } from '../../../services/destination/destination-client.ts';
import { uploadFile } from '../../../services/destination/upload.ts';
import { partSizeOf } from '../../../services/put-file.ts';
import { Bucket, filesOf, useS3 } from '../../local/s3/harness.ts';
import { anywhere, creds, destinationAt } from './destinations.ts';
import { type FakeS3, refusal, useFakeS3 } from './fake-s3.ts';

const MIB = 1024 * 1024;
const harness = useS3();
const startFake = useFakeS3();
const neverAborted = new AbortController().signal;
let folder: string;
let path: string;
let clients: S3Client[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'octet-upload-'));
  path = join(folder, 'video.mp4');
  clients = [];
});
afterEach(() => {
  for (const client of clients) client.destroy();
  rmSync(folder, { recursive: true });
});

interface Overrides {
  readonly endpoint?: string;
  readonly words?: Partial<Destination>;
  readonly signal?: AbortSignal;
  readonly onBytes?: (sent: number) => void;
}

function upload({ endpoint = harness.server.url, words, signal = neverAborted, onBytes }: Overrides = {}) {
  const destination = destinationAt(endpoint, words);
  const client = destinationClient(destination, creds, anywhere);
  clients.push(client);
  return uploadFile(client, destination, 'a b/ü.mp4', path, { signal, ...(onBytes && { onBytes }) });
}

/** A file whose parts differ. */
function writeFile(size: number): Buffer {
  const content = Buffer.alloc(size);
  for (let at = 0; at < size; at += 1000) content.writeUInt32LE(at, Math.min(at, size - 4));
  writeFileSync(path, content);
  return content;
}

async function uploaded(): Promise<Buffer> {
  const { Body } = await harness.client.send(new GetObjectCommand({ Bucket, Key: 'a b/ü.mp4' }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

describe('a part', () => {
  const GB = 1e9;

  it.each([
    [0, 8 * MIB, 0],
    [1, 8 * MIB, 1],
    [8 * MIB + 1, 8 * MIB, 2],
    [80_000 * MIB, 8 * MIB, 10_000],
    [80_000 * MIB + 1, 8 * MIB + 1, 10_000],
    [100 * GB, 10_000_000, 10_000],
    [5 * 1024 * 1024 * MIB, 549_755_814, 10_000],
  ])('of a file of %d bytes has %d, which makes %d', (fileSize, partSize, parts) => {
    expect(partSizeOf(fileSize)).toBe(partSize);
    expect(Math.ceil(fileSize / partSize)).toBe(parts);
  });
});

describe('a file', () => {
  it.each([
    ['that is small', 1000],
    ['of one whole part', 8 * MIB],
    ['of several parts', 20 * MIB + 5],
  ])('%s arrives as it is, and its URL is told', async (_, size) => {
    const content = writeFile(size);
    const sent: number[] = [];
    const url = await upload({ onBytes: (bytes) => sent.push(bytes) });
    expect(url).toBe(`${harness.server.url}/videos/a%20b/%C3%BC.mp4`);
    expect((await uploaded()).equals(content)).toBe(true);
    expect(sent).toEqual(sent.toSorted((a, b) => a - b));
    expect(sent.at(-1)).toBe(size);
    expect(sent).toHaveLength(Math.ceil(size / (8 * MIB)));
  });

  it.each([1000, 9 * MIB])('of %d bytes has the settings of its destination', async (size) => {
    writeFile(size);
    await upload({ words: { storage_class: 'STANDARD_IA', cache_control: 'max-age=60' } });
    expect(await harness.client.send(new HeadObjectCommand({ Bucket, Key: 'a b/ü.mp4' }))).toMatchObject({
      ContentType: 'video/mp4',
      CacheControl: 'max-age=60',
      StorageClass: 'STANDARD_IA',
    });
  });

  it('takes the place of one that has its key', async () => {
    writeFile(2000);
    await upload();
    const content = writeFile(1000);
    await upload();
    expect((await uploaded()).equals(content)).toBe(true);
  });

  it('that is not there is not the fault of the destination', async () => {
    await expect(upload()).rejects.toMatchObject({ code: 'ENOENT' });
    expect(filesOf(harness)).toEqual([]);
  });

  it('that cannot be read is not the fault of the destination', async () => {
    mkdirSync(path);
    await expect(upload()).rejects.toMatchObject({ code: 'EISDIR' });
  });

  it('that vanishes while it is uploaded arrives all the same', async () => {
    const content = writeFile(20 * MIB);
    await upload({ onBytes: () => rmSync(path, { force: true }) });
    expect((await uploaded()).equals(content)).toBe(true);
  });
});

describe('an upload that is aborted', () => {
  const reason = new Error('enough');

  it('before it begins sends nothing', async () => {
    writeFile(1000);
    const store = await startFake(refusal(500, 'InternalError'));
    const aborted = upload({ endpoint: store.url, signal: AbortSignal.abort(reason) });
    await expect(aborted).rejects.toBe(reason);
    expect(store.requests).toEqual([]);
  });

  it('in its middle leaves nothing behind when it ends', async () => {
    writeFileSync(path, '');
    truncateSync(path, 60 * MIB);
    const abort = new AbortController();
    const aborted = upload({ signal: abort.signal, onBytes: () => abort.abort(reason) });
    await expect(aborted).rejects.toBe(reason);
    expect(filesOf(harness)).toEqual([]);
  });
});

it('sends its parts without asking for permission, for which the SDK opens a connection each', async () => {
  const store = await startStoreThatRefuses('NONE', /./);
  writeFile(20 * MIB);
  await upload({ endpoint: store.url });
  const parts = store.requests.filter(({ path }) => /partNumber/.test(path));
  expect(parts).toHaveLength(3);
  expect(parts.filter(({ headers }) => headers.expect !== undefined)).toEqual([]);
});

it('sends no checksum, which older stores may not know', async () => {
  const store = await startFake((_, response) => response.writeHead(200, { etag: '"e"' }).end());
  writeFile(1000);
  await upload({ endpoint: store.url });
  const names = store.requests.flatMap(({ headers }) => Object.keys(headers));
  expect(names).toContain('x-amz-content-sha256');
  expect(names.filter((name) => /checksum|trailer|encoding/.test(name))).toEqual([]);
});

describe('an upload that a store refuses', () => {
  it('in one piece fails with what to change', async () => {
    writeFile(1000);
    const store = await startFake(refusal(403, 'AccessDenied'));
    await expect(upload({ endpoint: store.url })).rejects.toMatchObject({ code: 'destination_denied' });
  });

  it.each([
    ['at its beginning', 'POST', /\?uploads/, []],
    ['at a part', 'PUT', /partNumber=2/, ['/videos/a%20b/%C3%BC.mp4?uploadId=7&x-id=AbortMultipartUpload']],
    ['at its end', 'POST', /uploadId=7/, ['/videos/a%20b/%C3%BC.mp4?uploadId=7&x-id=AbortMultipartUpload']],
  ])('%s leaves no parts there', async (_, method, path, aborts) => {
    writeFile(20 * MIB);
    const store = await startStoreThatRefuses(method, path);
    await expect(upload({ endpoint: store.url })).rejects.toMatchObject({ code: 'destination_denied' });
    const deletions = store.requests.filter((request) => request.method === 'DELETE');
    expect(deletions.map((request) => request.path)).toEqual(aborts);
    expect(store.requests.at(-1)?.method).toBe(aborts.length === 0 ? 'POST' : 'DELETE');
  });
});

/** Takes an upload in parts, but for one kind of request. */
function startStoreThatRefuses(method: string, path: RegExp): Promise<FakeS3> {
  return startFake((request, response) => {
    if (request.method === method && path.test(request.url ?? '')) {
      refusal(403, 'AccessDenied')(request, response);
    } else if (request.method === 'POST') {
      response.end('<InitiateMultipartUploadResult><UploadId>7</UploadId></InitiateMultipartUploadResult>');
    } else {
      response.writeHead(200, { etag: '"e"' }).end();
    }
  });
}
