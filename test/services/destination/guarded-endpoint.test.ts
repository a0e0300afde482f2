import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkDestination } from '../../../services/destination/check-destination.ts';
import { destinationClient } from '../../../services/destination/destination-client.ts';
import { uploadFile } from '../../../services/destination/upload.ts';
import { resolvesTo } from '../fake-internet.ts';
import { creds, destinationAt } from './destinations.ts';
import { refusal, useFakeS3 } from './fake-s3.ts';

const start = useFakeS3();

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'octet-guarded-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const advice =
  'is at a private, local or reserved address, and such addresses are refused; use a public URL.';

it('is refused when it is a private address', async () => {
  const store = await start(refusal(400, 'BadDigest'));
  const checked = checkDestination(destinationAt(store.url), creds, 'a.mp4', { allowPrivateHosts: false });
  await expect(checked).rejects.toMatchObject({
    code: 'destination_denied',
    message: `127.0.0.1 ${advice}`,
  });
  expect(store.requests).toEqual([]);
});

it.each([
  ['its name', true, 'store.example'],
  ["the bucket's name below it", false, 'videos.store.example'],
])('is refused when %s leads to a private address', async (_, path_style, host) => {
  const store = await start(refusal(400, 'BadDigest'));
  const { port } = new URL(store.url);
  const destination = destinationAt(`http://store.example:${port}`, { path_style });
  const check = (allowPrivateHosts: boolean) =>
    checkDestination(destination, creds, 'a.mp4', { allowPrivateHosts, resolve: resolvesTo('127.0.0.1') });
  await expect(check(false)).rejects.toMatchObject({
    code: 'destination_denied',
    message: `${host} ${advice}`,
  });
  expect(store.requests).toEqual([]);
  expect(await check(true)).toBe(true);
});

/** The SDK asks for permission to send a body of 2 MiB or more (`Expect: 100-continue`), over connections of its own. */
it.each([1, 3, 20])(
  'is refused to an upload of %d MiB when its name leads to a private address by then',
  async (size) => {
    const store = await start(refusal(403, 'AccessDenied'));
    const { port } = new URL(store.url);
    const destination = destinationAt(`http://store.example:${port}`, { path_style: true });
    const addresses = { allowPrivateHosts: false, resolve: resolvesTo('127.0.0.1') };
    const client = destinationClient(destination, creds, addresses);
    const path = join(folder, 'video.mp4');
    writeFileSync(path, '');
    truncateSync(path, size * 1024 * 1024);
    const upload = uploadFile(client, destination, 'a.mp4', path, { signal: new AbortController().signal });
    await expect(upload).rejects.toMatchObject({ code: 'destination_denied' });
    expect(store.requests).toEqual([]);
    client.destroy();
  },
);
