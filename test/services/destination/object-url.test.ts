import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import type { Destination } from '../../../domain/request/destination.ts';
import { destinationClient } from '../../../services/destination/destination-client.ts';
import { watchObjectUrl } from '../../../services/destination/object-url.ts';
import { anywhere, creds, destinationAt } from './destinations.ts';

it.each<[Partial<Destination>, string, string]>([
  [{ endpoint: undefined }, 'a.mp4', 'https://videos.s3.us-east-1.amazonaws.com/a.mp4'],
  [{ endpoint: undefined, region: 'eu-west-1' }, 'a.mp4', 'https://videos.s3.eu-west-1.amazonaws.com/a.mp4'],
  [
    { endpoint: undefined, bucket: 'dotted.name' },
    'a.mp4',
    'https://s3.us-east-1.amazonaws.com/dotted.name/a.mp4',
  ],
  [{ endpoint: 'https://store.example' }, 'a.mp4', 'https://videos.store.example/a.mp4'],
  [{ endpoint: 'https://store.example', path_style: true }, 'a.mp4', 'https://store.example/videos/a.mp4'],
  [{ endpoint: 'http://127.0.0.1:9000' }, 'a.mp4', 'http://127.0.0.1:9000/videos/a.mp4'],
  [
    { endpoint: 'https://store.example' },
    'a b/ü+#?.mp4',
    'https://videos.store.example/a%20b/%C3%BC%2B%23%3F.mp4',
  ],
])('with %j is that of %s', async (words, Key, expected) => {
  const destination = { ...destinationAt(''), ...words };
  const client = destinationClient(destination, creds, anywhere);
  answerAll(client);
  const objectUrl = watchObjectUrl(client);
  await client.send(new PutObjectCommand({ Bucket: destination.bucket, Key, Body: 'x' }));
  expect(objectUrl()).toBe(expected);
  client.destroy();
});

it('is that of the latest file, of several that one client uploads', async () => {
  const client = destinationClient(destinationAt('https://store.example'), creds, anywhere);
  answerAll(client);
  const urls: string[] = [];
  for (const Key of ['a.mp4', 'b.mp4']) {
    const objectUrl = watchObjectUrl(client);
    await client.send(new PutObjectCommand({ Bucket: 'videos', Key, Body: 'x' }));
    urls.push(objectUrl());
  }
  expect(urls).toEqual(['https://videos.store.example/a.mp4', 'https://videos.store.example/b.mp4']);
  client.destroy();
});

/** Ends every request before it is sent. */
function answerAll(client: S3Client): void {
  client.middlewareStack.add(() => async () => ({ output: { $metadata: {} }, response: {} }), {
    step: 'finalizeRequest',
    priority: 'low',
  });
}
