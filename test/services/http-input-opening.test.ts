import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { HttpInput } from '../../services/http-input.ts';
import { InputError } from '../../services/input-errors.ts';
import { content, noWait, options, rangesOf, withInput } from './http-inputs.ts';
import { file, garbage, hang, hangUp, type Reply, status, useOrigins } from './origin.ts';

const start = useOrigins();

describe('opening', () => {
  it('takes one request, which tells all that is needed', async () => {
    const headers = {
      etag: '"a"',
      'last-modified': 'Mon, 23 Nov 2026 10:00:00 GMT',
      'content-type': 'video/mp4',
    };
    const origin = await start({ '/in.mp4': file(content, { headers }) });
    await withInput(origin, (input) => {
      expect(input).toMatchObject({
        size: 5000,
        etag: '"a"',
        lastModified: headers['last-modified'],
        contentType: 'video/mp4',
      });
      expect(input.firstBytes).toEqual(content.subarray(0, 1000));
    });
    expect(rangesOf(origin)).toEqual(['0-999']);
    expect(origin.requests[0]?.headers).toMatchObject({ 'accept-encoding': 'identity' });
    expect(origin.requests[0]?.headers).not.toHaveProperty('if-match');
  });

  it.each<[string, Reply, Buffer]>([
    ['a file that is shorter than the first range', file(content.subarray(0, 10)), content.subarray(0, 10)],
    ['a file of one byte', file(content.subarray(0, 1)), content.subarray(0, 1)],
    ['an answer that is shorter than it might be', file(content, { atMost: 300 }), content.subarray(0, 300)],
    [
      'a body that is longer than the range',
      file(content, { contentRange: 'bytes 0-9/10' }),
      content.subarray(0, 10),
    ],
    [
      "S3's aws-chunked",
      file(content, { headers: { 'content-encoding': 'aws-chunked' } }),
      content.subarray(0, 1000),
    ],
  ])('takes %s', async (_, reply, firstBytes) => {
    const origin = await start({ '/in.mp4': reply });
    await withInput(origin, (input) => expect(input.firstBytes).toEqual(firstBytes));
  });

  it.each<[string, Reply[]]>([
    ['500', [status(500)]],
    ['503, twice', [status(503), status(503)]],
    ['429', [status(429)]],
    ['408', [status(408)]],
    ['a closed connection', [hangUp]],
    ['silence', [hang]],
    ['a body that breaks off', [file(content, { cutAfter: 500 })]],
    ['a body that falls silent', [file(content, { stallAfter: 500 })]],
    ['one failure and then another', [status(502), hangUp]],
  ])('tries again after %s', async (_, failures) => {
    const origin = await start({ '/in.mp4': [...failures, file(content)] });
    await withInput(origin, (input) => expect(input.firstBytes).toEqual(content.subarray(0, 1000)));
    expect(origin.requests).toHaveLength(failures.length + 1);
  });

  const page = '<!doctype html><title>Please log in</title>';
  const noRanges =
    'does not answer range requests (206 with Content-Range): put the file on a server that supports them, such as S3.';
  const empty = 'is empty: check that its upload was complete.';

  it.each<[string, Reply, string, string, number]>([
    ['403', status(403), 'input_unreachable', 'answered 403: the URL may have expired or is not public.', 1],
    ['404', status(404), 'input_unreachable', 'answered 404: check that the file exists.', 1],
    ['500 for ever', status(500), 'input_unreachable', 'answered 500: the server fails, try again later.', 3],
    [
      '429 for ever',
      status(429),
      'input_unreachable',
      'answered 429: the server limits requests, try again later.',
      3,
    ],
    ['304', status(304), 'input_unreachable', 'answered 304: check the URL.', 1],
    ['a redirect to nowhere', status(302), 'input_unreachable', 'answered 302: check the URL.', 1],
    [
      'closed connections',
      hangUp,
      'input_unreachable',
      'could not be read: the server closed the connection.',
      3,
    ],
    [
      'cut bodies',
      file(content, { cutAfter: 1 }),
      'input_unreachable',
      'could not be read: the server closed the connection.',
      3,
    ],
    [
      'another protocol',
      garbage,
      'input_unreachable',
      'could not be read: the server does not answer in HTTP.',
      1,
    ],
    ['the whole file', file(content, { ranges: false }), 'input_no_range_support', noRanges, 1],
    [
      'another range',
      file(content, { contentRange: 'bytes 5-1004/5000' }),
      'input_no_range_support',
      noRanges,
      1,
    ],
    ['no Content-Range', status(206, {}, 'x'), 'input_no_range_support', noRanges, 1],
    [
      'several ranges',
      status(206, { 'content-type': 'multipart/byteranges; boundary=x' }, '--x'),
      'input_no_range_support',
      noRanges,
      1,
    ],
    [
      '416 for a file with bytes',
      status(416, { 'content-range': 'bytes */500' }),
      'input_no_range_support',
      noRanges,
      1,
    ],
    [
      'an unknown size',
      file(content, { contentRange: 'bytes 0-999/*' }),
      'input_no_range_support',
      "does not tell the file's size (Content-Range ends with *): put the file on a server that does, such as S3.",
      1,
    ],
    ...['gzip', 'br', 'deflate', 'zstd', 'GZIP'].map((encoding): [string, Reply, string, string, number] => [
      `a range in ${encoding}`,
      file(content, { headers: { 'content-encoding': encoding } }),
      'input_no_range_support',
      'is served compressed (Content-Encoding), so ranges cannot be read: serve it as it is.',
      1,
    ]),
    [
      'the whole file in gzip',
      status(200, { 'content-encoding': 'gzip' }, '\x1f\x8b\x08'),
      'input_no_range_support',
      'is served compressed (Content-Encoding), so ranges cannot be read: serve it as it is.',
      1,
    ],
    ['416 for an empty file', file(Buffer.alloc(0)), 'input_not_media', empty, 1],
    ['416 without a size', status(416), 'input_not_media', empty, 1],
    ['200 for an empty file', status(200), 'input_not_media', empty, 1],
    [
      'a web page',
      status(200, { 'content-type': 'text/html' }, page),
      'input_not_media',
      'is a web page (text/html), not a media file: give the URL of the video file itself.',
      1,
    ],
  ])('fails for %s', async (_, reply, code, message, requests) => {
    const origin = await start({ '/in.mp4': reply });
    const opened = HttpInput.open(`${origin.at('/in.mp4')}?X-Amz-Signature=secret`, options);
    await expect(opened).rejects.toBeInstanceOf(InputError);
    await expect(opened).rejects.toMatchObject({ code, message: `${origin.at('/in.mp4')} ${message}` });
    expect(origin.requests).toHaveLength(requests);
  });

  it.each<[string, Reply]>([
    ['does not answer', hang],
    ['falls silent', file(content, { stallAfter: 1 })],
  ])('fails for a server that %s', async (_, reply) => {
    const origin = await start({ '/in.mp4': reply });
    const opened = HttpInput.open(origin.at('/in.mp4'), { ...options, retry: { attempts: 1, wait: noWait } });
    const message = `${origin.at('/in.mp4')} could not be read: the server did not answer in time.`;
    await expect(opened).rejects.toMatchObject({ code: 'input_unreachable', message });
  });

  it('fails where nobody listens', async () => {
    const origin = await start({});
    const { port } = origin;
    await origin.close();
    await expect(HttpInput.open(`http://127.0.0.1:${port}/in.mp4`, options)).rejects.toMatchObject({
      code: 'input_unreachable',
      message: `http://127.0.0.1:${port}/in.mp4 could not be read: the server refuses connections, check host and port.`,
    });
  });

  it.each(['file:///etc/passwd', 'ftp://example.com/in.mp4', 'in.mp4', 'http://user@example.com/'])(
    'fails for the URL %s, and sends nothing',
    async (url) => {
      await expect(HttpInput.open(url, options)).rejects.toMatchObject({ code: 'input_unreachable' });
    },
  );

  it('fails for https to a server that does not speak TLS', async () => {
    const origin = await start({});
    const opened = HttpInput.open(origin.at('/in.mp4').replace('http:', 'https:'), options);
    await expect(opened).rejects.toThrow('could not be read: its TLS certificate or handshake failed.');
  });

  it('fails for a server without a certificate', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const opened = HttpInput.open(`https://127.0.0.1:${port}/in.mp4`, options);
    await expect(opened).rejects.toThrow('could not be read: its TLS certificate or handshake failed.');
    await new Promise((resolve) => server.close(resolve));
  });

  it.each<[string, Reply, number]>([
    ['that has no answer', hang, 1],
    ['whose body is on its way', file(content, { stallAfter: 1 }), 1],
    ['that failed and would be tried again', status(503), 2],
  ])('ends with the reason of a signal that is aborted during a request %s', async (_, reply, attempts) => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const origin = await start({
      '/in.mp4': (request, response) => {
        reply(request, response);
        setImmediate(() => abort.abort(reason));
      },
    });
    const wait = () =>
      new Promise<void>((_, reject) => abort.signal.addEventListener('abort', () => reject(reason)));
    const retry = { attempts, wait };
    const opened = HttpInput.open(origin.at('/in.mp4'), {
      ...options,
      silenceTimeoutMs: 60_000,
      retry,
      signal: abort.signal,
    });
    await expect(opened).rejects.toBe(reason);
  });
});
