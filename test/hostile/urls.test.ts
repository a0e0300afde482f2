import { afterEach, describe, expect, it } from 'vitest';
import { BlockReader } from '../../batch-image/worker/block-reader.ts';
import { serveInput } from '../../batch-image/worker/input-server.ts';
import { probe as probeInWorker } from '../../batch-image/worker/probe.ts';
import { findFfmpeg } from '../../local/ffmpeg.ts';
import { assertPublicHost } from '../../services/address-guard.ts';
import { postCallback } from '../../services/callbacks/post-callback.ts';
import { HttpInput } from '../../services/http-input.ts';
import { probeInput } from '../../services/input-probe.ts';
import { MemorySource } from '../batch-image/worker/memory-source.ts';
import { publicAddress, resolvesTo, useFakeInternet } from '../services/fake-internet.ts';
import { file, garbage, hang, hangUp, type Reply, redirect, useOrigins } from '../services/origin.ts';
import { makeClip } from '../support/ffmpeg.ts';
import { useCanary } from './canary.ts';
import { dripping, endlessHeaders, HOSTILE_INPUTS, hundredGigabytes } from './hostile-servers.ts';
import { HOSTILE_URLS, REASONS, REDIRECTS } from './hostile-urls.ts';

const startOrigin = useOrigins();
const found = findFfmpeg(process.env);
const tools = { ...found, environment: { ...process.env, ...found.environment } };
const { signal } = new AbortController();
const canary = useCanary();
useFakeInternet();

const NAMES: Readonly<Record<string, readonly string[]>> = {
  'files.example': [publicAddress],
  localhost: ['127.0.0.1'],
  'localhost.': ['127.0.0.1'],
  'files.localhost': ['127.0.0.1'],
  'loopback.example': ['127.0.0.1'],
  'loopback6.example': ['::1'],
  'mapped.example': ['::ffff:127.0.0.1'],
  'nat64.example': ['64:ff9b::7f00:1'],
  'metadata.example': ['169.254.169.254'],
  'mixed.example': [publicAddress, '127.0.0.1'],
};

async function resolve(hostname: string) {
  const addresses = NAMES[hostname];
  if (addresses === undefined) throw Object.assign(new Error(hostname), { code: 'ENOTFOUND' });
  return resolvesTo(...addresses)(hostname);
}

const guarded = { allowPrivateHosts: false, resolve };

const withPort = (url: string) => url.replaceAll('PORT', String(canary.port));

/** What create says to an input. */
const probe = (url: string, options: object = {}) => probeInput(url, { ...guarded, ...options });

/** What the worker says to an input, which waits longer. */
async function open(url: string): Promise<void> {
  const retry = { attempts: 1, wait: async () => {} };
  const input = await HttpInput.open(url, { ...guarded, retry, silenceTimeoutMs: 200 });
  try {
    await input.readRange(input.size - 100, input.size - 1);
  } finally {
    input.close();
  }
}

const post = (url: string, options: object = {}) => postCallback(url, '{}', {}, { ...guarded, ...options });

it('finds the canary where private hosts are allowed', async () => {
  await expect(probe(withPort('http://127.0.0.1:PORT/'), { allowPrivateHosts: true })).rejects.toThrow();
  expect(canary.connections).toBeGreaterThan(0);
});

describe('the canary is not connected to, and', () => {
  afterEach(() => {
    expect(canary.connections).toBe(0);
  });

  it.each(HOSTILE_URLS)('%s is refused as an input: %s', async (_, url, reason) => {
    await expect(probe(withPort(url))).rejects.toMatchObject({
      code: 'input_unreachable',
      message: expect.stringMatching(REASONS[reason]),
    });
  });

  it.each(HOSTILE_URLS)('%s is refused as a callback: %s', async (_, url, reason) => {
    const message = expect.stringMatching(REASONS[reason]);
    await expect(assertPublicHost(withPort(url), guarded)).rejects.toMatchObject({
      code: 'invalid_request',
      message,
    });
    expect(await post(withPort(url))).toEqual({ delivered: false, error: message, final: true });
  });

  it.each(['localhost', 'LOCALHOST.'])('%s is refused by the answer of the system itself', async (host) => {
    const options = { resolve: undefined };
    const url = `http://${host}:${canary.port}/`;
    await expect(probe(url, options)).rejects.toMatchObject({ code: 'input_unreachable' });
    await expect(assertPublicHost(url, { ...guarded, ...options })).rejects.toMatchObject({
      code: 'invalid_request',
    });
    expect(await post(url, options)).toMatchObject({ delivered: false });
  });

  it.each(REDIRECTS)(
    'a redirect %s is refused, and not followed for a callback',
    async (_, locations, message) => {
      const paths = ['/in', '/1', '/2', '/3', '/4', '/5', '/6'];
      const hops = locations.map((location, index) => [paths[index], redirect(withPort(location))]);
      const origin = await startOrigin(Object.fromEntries(hops));
      const url = `http://files.example:${origin.port}/in`;
      await expect(probe(url)).rejects.toMatchObject({
        code: 'input_unreachable',
        message: expect.stringMatching(message),
      });
      const asked = origin.requests.length;
      expect(await post(url)).toEqual({
        delivered: false,
        status: 302,
        error: 'The receiver answered 302, and redirects are not followed; give the URL that it leads to.',
        final: false,
      });
      expect(origin.requests).toHaveLength(asked + 1);
    },
  );

  it('a name is refused as an input that is another address the second time', async () => {
    const clip = await makeClip('in.mp4', '-f lavfi -i testsrc2=size=640x360:rate=25:duration=1 -qp 5');
    const origin = await startOrigin({ '/in': file(clip, { headers: { connection: 'close' } }) });
    const answers = [publicAddress];
    const options = { resolve: () => resolvesTo(answers.shift() ?? '127.0.0.1')('') };
    await expect(probe(`http://rebinding.example:${origin.port}/in`, options)).rejects.toMatchObject({
      code: 'input_unreachable',
      message: expect.stringMatching(REASONS.private),
    });
    expect(origin.requests).toHaveLength(1);
  });

  it('a name is refused as a callback that is another address the second time', async () => {
    const answers = [publicAddress];
    const options = { ...guarded, resolve: () => resolvesTo(answers.shift() ?? '127.0.0.1')('') };
    const url = withPort('http://rebinding.example:PORT/');
    await assertPublicHost(url, options);
    expect(await post(url, options)).toEqual({
      delivered: false,
      error: expect.stringMatching(REASONS.private),
      final: true,
    });
  });

  it.each(HOSTILE_INPUTS)('an input is refused whose server gives %s', async (_, input, code, message) => {
    const origin = await startOrigin({
      '/in': typeof input === 'string' ? file(Buffer.from(withPort(input))) : input,
    });
    await expect(probe(`http://files.example:${origin.port}/in`)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it.each<[string, () => Reply, RegExp]>([
    ['never answers', () => hang, /the server did not answer in time/],
    [
      'promises 100 GB and sends nothing',
      () => file(Buffer.alloc(300_000), { contentRange: 'bytes 0-262143/100000000000', stallAfter: 1000 }),
      /the server did not answer in time/,
    ],
    [
      'promises 100 GB and has only the first bytes of them',
      () => hundredGigabytes,
      /changed while it was read/,
    ],
  ])('the worker refuses an input whose server %s', async (_, reply, message) => {
    const origin = await startOrigin({ '/in': reply() });
    await expect(open(`http://files.example:${origin.port}/in`)).rejects.toMatchObject({
      code: expect.stringMatching(/^input_/),
      message: expect.stringMatching(message),
    });
  });

  it.each<[string, string]>([
    [
      'an HLS playlist behind an ID3 tag',
      'ID3\x04\0\0\0\0\0\0#EXTM3U\n#EXTINF:3,\nhttp://127.0.0.1:PORT/a.ts\n',
    ],
    ['an HLS playlist behind zeros', '\0\0\0\0#EXTM3U\n#EXTINF:3,\nhttp://127.0.0.1:PORT/a.ts\n'],
    [
      'a DASH manifest that is no UTF-8',
      '<?xml version="1.0"?><!-- \xe9 --><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"/>',
    ],
    ['a concat list that is no UTF-8', 'ffconcat version 1.0\n# \xe9\nfile http://127.0.0.1:PORT/a.mp4\n'],
    [
      'a session description that is no UTF-8',
      'v=0\ns=\xe9\na=control:http://127.0.0.1:PORT/\nm=video 9 RTP/AVP 96\n',
    ],
    ['a list of streams for ASF', '[Reference]\r\nRef1=http://127.0.0.1:PORT/a.asf?\xe9\r\n'],
    ['a redirector of RTSP', 'rtsptext\0\xe9\r\nrtsp://127.0.0.1:PORT/\r\n'],
  ])('the worker refuses %s, which create may take for a video', async (_, words) => {
    const bytes = Buffer.from(withPort(words), 'latin1');
    const reader = new BlockReader(new MemorySource(bytes), { signal });
    const server = await serveInput(reader);
    const refused = probeInWorker(server.url, bytes, tools, signal).finally(() => server.close());
    await expect(refused).rejects.toMatchObject({ code: expect.stringMatching(/^input_/) });
  });

  it('create leaves an input to the worker whose server sends a byte now and then', async () => {
    const origin = await startOrigin({ '/in': dripping });
    const result = await probe(`http://files.example:${origin.port}/in`, { budgetMs: 300 });
    expect(result).toEqual({ settled: false, reason: expect.stringMatching(/too slow/) });
  });

  it.each<[string, Reply, RegExp]>([
    ['never answers', hang, /did not answer in time/],
    ['sends a byte now and then', dripping, /did not answer in time/],
    ['sends endless headers', endlessHeaders, /could not be reached \(HPE_HEADER_OVERFLOW\)/],
    ['speaks another protocol', garbage, /could not be reached \(HPE_/],
    ['hangs up', hangUp, /could not be reached \(ECONNRESET\)/],
  ])('a callback is not delivered to a receiver that %s', async (_, reply, error) => {
    const origin = await startOrigin({ '/hook': reply });
    expect(await post(`http://files.example:${origin.port}/hook`, { timeoutMs: 500 })).toEqual({
      delivered: false,
      error: expect.stringMatching(error),
      final: false,
    });
  });
});
