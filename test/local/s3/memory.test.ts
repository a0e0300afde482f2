import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { expect, it } from 'vitest';
import { Bucket, put } from './harness.ts';
import { startProcess } from './process-harness.ts';

const mebibyte = 1024 ** 2;
const size = 192 * mebibyte;

function* pieces() {
  const piece = Buffer.alloc(mebibyte, 'piece');
  for (let sent = 0; sent < size; sent += piece.length) yield piece;
}

it('the server needs no more memory for an object than for none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'octet-s3-'));
  const server = await startProcess(folder);
  const { client } = server;
  await put(server, 'single', Readable.from(pieces()), { ContentLength: size });
  const params = { Bucket, Key: 'parts', Body: Readable.from(pieces()) };
  await new Upload({ client, params, partSize: 32 * mebibyte, queueSize: 2 }).done();
  for (const Key of ['single', 'parts']) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    let received = 0;
    for await (const bytes of Body as Readable) received += bytes.length;
    expect(received).toBe(size);
  }
  expect(await server.stop()).toBeLessThan(150 * 1024);
  rmSync(folder, { recursive: true });
});
