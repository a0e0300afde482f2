import { execFile } from 'node:child_process';
import { type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { BlockReader, type BlockReaderOptions } from '../../../batch-image/worker/block-reader.ts';
import { type InputServer, serveInput } from '../../../batch-image/worker/input-server.ts';
import { InputError } from '../../../services/input-errors.ts';
import { content, MemorySource, type Serve } from './memory-source.ts';

const bytes = content(1000);
let server: InputServer | undefined;

afterEach(async () => {
  await server?.close();
});

async function start(file = bytes, serve?: Serve, options: Partial<BlockReaderOptions> = {}) {
  const { signal } = new AbortController();
  const reader = new BlockReader(new MemorySource(file, serve), { signal, blockBytes: 100, ...options });
  server = await serveInput(reader);
  return { url: server.url, reader };
}

/** Asks for a range, and reads nothing of the answer. */
function ask(url: string, range?: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { ...(range !== undefined && { range }) };
    request(url, { headers, agent: false }, resolve).on('error', reject).end();
  });
}

async function get(url: string, range?: string) {
  const response = await ask(url, range);
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
}

describe('the answer', () => {
  it('listens on loopback alone', async () => {
    const { url } = await start();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/input$/);
    await expect(ask(url.replace('127.0.0.1', '127.0.0.2'))).rejects.toMatchObject({ syscall: 'connect' });
  });

  it.each([
    ['bytes=0-', 0, 999],
    ['bytes=437-', 437, 999],
    ['bytes=999-', 999, 999],
    ['bytes=0-0', 0, 0],
    ['bytes=95-105', 95, 105],
    ['bytes=990-5000', 990, 999],
  ])('to %s is what was asked for', async (range, first, last) => {
    const { url } = await start();
    const { status, headers, body } = await get(url, range);
    expect(status).toBe(206);
    expect(headers).toMatchObject({
      'accept-ranges': 'bytes',
      'content-range': `bytes ${first}-${last}/1000`,
      'content-length': String(last - first + 1),
    });
    expect(body).toEqual(bytes.subarray(first, last + 1));
  });

  it.each([undefined, 'bytes=-100', 'bytes=0-9,20-29', 'seconds=1-'])(
    'to %s is the whole file',
    async (range) => {
      const { url } = await start();
      const { status, headers, body } = await get(url, range);
      expect(status).toBe(200);
      expect(headers).toMatchObject({ 'accept-ranges': 'bytes', 'content-length': '1000' });
      expect(headers).not.toHaveProperty('content-range');
      expect(body).toEqual(bytes);
    },
  );

  it.each(['bytes=1000-', 'bytes=5000-6000'])('to %s says how long the file is', async (range) => {
    const { url } = await start();
    const { status, headers } = await get(url, range);
    expect([status, headers['content-range']]).toEqual([416, 'bytes */1000']);
  });

  it('is right for many who ask at once', async () => {
    const { url } = await start(bytes, undefined, { blockBytes: 30, kept: 3 });
    const starts = Array.from({ length: 20 }, (_, index) => index * 50);
    const answers = await Promise.all(starts.map((at) => get(url, `bytes=${at}-`)));
    expect(answers.map(({ body }) => body)).toEqual(starts.map((at) => bytes.subarray(at)));
  });
});

describe('a client that hangs up', () => {
  const kept = 4;
  const blockBytes = 1024 * 1024;
  const blocks = 48;
  // More than what the system takes from a server for a client that does not read.
  const long = Buffer.alloc(blocks * blockBytes, content(65_521));

  it('holds no memory any more, and the next is answered', async () => {
    const { url } = await start(long, undefined, { kept, blockBytes });
    for (let at = 0; at < 20; at++) (await ask(url, `bytes=${at * blockBytes}-`)).destroy();
    const allocations = vi.spyOn(Buffer, 'allocUnsafeSlow');
    const warnings = vi.spyOn(process, 'emitWarning');
    const { body } = await get(url);
    expect(body.equals(long)).toBe(true);
    expect(allocations.mock.calls.filter(([size]) => size === blockBytes).length).toBeLessThan(kept);
    expect(warnings).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it('lets go of its block, whenever it does so, and reads no more', async () => {
    const { signal } = new AbortController();
    const reader = new WatchedReader(new MemorySource(long), { signal, blockBytes, kept });
    server = await serveInput(reader);
    for (let client = 0; client < 5; client++) (await ask(server.url)).destroy();
    (await ask(server.url)).on('error', () => {});
    await server.close();
    await vi.waitFor(() =>
      expect(reader.readings.map(({ hasEnded }) => hasEnded)).toEqual(Array(6).fill(true)),
    );
    expect(Math.max(...reader.readings.map(({ pieces }) => pieces))).toBeLessThan(blocks);
  });
});

it('reads no more for a client that hung up while it waited', async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const source = new MemorySource(bytes, async function* (part, at) {
    if (at > 0) await released;
    yield part;
  });
  const reader = new WatchedReader(source, { signal: new AbortController().signal, blockBytes: 100 });
  server = await serveInput(reader);
  (await ask(server.url)).destroy();
  await get(server.url, 'bytes=0-0');
  release();
  await vi.waitFor(() => expect(reader.readings).toMatchObject([{ hasEnded: true }, { hasEnded: true }]));
  expect(reader.readings[0]?.pieces).toBe(2);
});

/** Tells how many pieces each reading has had, and whether it has ended. */
class WatchedReader extends BlockReader {
  readonly readings: { pieces: number; hasEnded: boolean }[] = [];

  override async *read(start: number, end: number): AsyncGenerator<Buffer> {
    const reading = { pieces: 0, hasEnded: false };
    this.readings.push(reading);
    try {
      for await (const piece of super.read(start, end)) {
        reading.pieces += 1;
        yield piece;
      }
    } finally {
      reading.hasEnded = true;
    }
  }
}

describe('an input that fails', () => {
  const changed = new InputError('input_changed', 'It changed.');
  const failingAt = (place: number, times: number): Serve =>
    async function* (part, start) {
      if (start === place && times-- > 0) throw changed;
      yield part;
    };

  it('breaks the connection off, so that nobody takes what came for the whole file', async () => {
    const { url, reader } = await start(bytes, failingAt(500, 1), { ahead: 0 });
    const wholeFile = fetch(url).then((response) => response.arrayBuffer());
    await expect(wholeFile).rejects.toThrow('terminated');
    expect(reader.failure).toBe(changed);
  });

  it('is no failure of the input when the client hangs up', async () => {
    const large = content(4_000_000);
    const { url, reader } = await start(large, undefined, { blockBytes: 20_000 });
    // In a process of its own, as ffmpeg is: so the server learns of the end by a write that fails.
    const client = `import { get } from 'node:http';
      for (let count = 0; count < 300; count++) await new Promise((resolve) => {
        get(${JSON.stringify(url)}, { agent: false }, (response) => response.once('data', () => {
          response.socket.resetAndDestroy();
          resolve();
        }));
      });`;
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', client]);
    expect((await get(url, 'bytes=0-9')).body).toEqual(large.subarray(0, 10));
    expect(reader.failure).toBeUndefined();
  });

  it('is asked again for the next client', async () => {
    const { url } = await start(bytes, failingAt(500, 1), { ahead: 0 });
    await expect(get(url)).rejects.toThrow();
    expect((await get(url)).body).toEqual(bytes);
  });
});

it('drops its clients when it is closed', async () => {
  const { url } = await start(bytes, async function* (part, at) {
    if (at > 0) await new Promise(() => {});
    yield part;
  });
  const response = await ask(url);
  await server?.close();
  await expect(buffer(response)).rejects.toMatchObject({ code: 'ECONNRESET' });
  await expect(ask(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
