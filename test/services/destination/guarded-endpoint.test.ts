import { expect, it } from 'vitest';
import { checkDestination } from '../../../services/destination/check-destination.ts';
import { resolvesTo } from '../fake-internet.ts';
import { creds, destinationAt } from './destinations.ts';
import { refusal, useFakeS3 } from './fake-s3.ts';

const start = useFakeS3();

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
