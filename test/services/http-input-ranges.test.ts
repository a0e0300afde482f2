import { describe, expect, it } from 'vitest';
import { HttpInput } from '../../services/http-input.ts';
import { InputError } from '../../services/input-errors.ts';
import { content, options, rangesOf, withInput } from './http-inputs.ts';
import { file, type Reply, redirect, status, useOrigins } from './origin.ts';

const start = useOrigins();

describe('a range', () => {
  it('is read completely', async () => {
    const origin = await start({ '/in.mp4': file(content) });
    await withInput(origin, async (input) => {
      expect(await input.readRange(4000, 4999)).toEqual(content.subarray(4000));
      expect(await input.readRange(7, 7)).toEqual(content.subarray(7, 8));
    });
    expect(rangesOf(origin)).toEqual(['0-999', '4000-4999', '7-7']);
  });

  it('is resumed once where its connection broke', async () => {
    const origin = await start({
      '/in.mp4': [file(content), file(content, { cutAfter: 300 }), file(content)],
    });
    await withInput(origin, async (input) => {
      expect(await input.readRange(2000, 2999)).toEqual(content.subarray(2000, 3000));
    });
    expect(rangesOf(origin)).toEqual(['0-999', '2000-2999', '2300-2999']);
  });

  it('is read to its end where the answer goes on', async () => {
    const long = Buffer.alloc(2_000_000, 7);
    const tooLong: Reply = (_, response) => {
      response.writeHead(206, { 'content-range': 'bytes 10-19/5000' }).end(long);
    };
    const origin = await start({ '/in.mp4': [file(content), tooLong] });
    await withInput(origin, async (input) => {
      expect(await input.readRange(10, 19)).toEqual(long.subarray(0, 10));
    });
  });

  it('is asked for on condition that the file is the same', async () => {
    const headers = { etag: '"a"', 'last-modified': 'Mon, 23 Nov 2026 10:00:00 GMT' };
    const origin = await start({ '/in.mp4': file(content, { headers }) });
    await withInput(origin, (input) => input.readRange(0, 9));
    expect(origin.requests[1]?.headers).toMatchObject({ 'if-match': '"a"' });
  });

  const changed = 'changed while it was read: send the job again once the file stays as it is.';
  const dated = (day: number) => ({ 'last-modified': `Mon, ${day} Nov 2026 10:00:00 GMT` });

  it.each<[string, Reply, Reply, string]>([
    [
      'ETag',
      file(content, { headers: { etag: '"a"' } }),
      file(content, { headers: { etag: '"b"' } }),
      changed,
    ],
    [
      'weak ETag',
      file(content, { headers: { etag: 'W/"a"' } }),
      file(content, { headers: { etag: 'W/"b"' } }),
      changed,
    ],
    ['date', file(content, { headers: dated(23) }), file(content, { headers: dated(24) }), changed],
    ['size', file(content), file(content.subarray(1)), changed],
    ['size to less than the range', file(content), file(content.subarray(0, 100)), changed],
  ])('fails when the file has changed its %s', async (_, before, after, message) => {
    const origin = await start({ '/in.mp4': [before, after] });
    await withInput(origin, async (input) => {
      const read = input.readRange(3000, 3999);
      await expect(read).rejects.toMatchObject({
        code: 'input_changed',
        message: `${origin.at('/in.mp4')} ${message}`,
      });
    });
  });

  it.each<[string, Reply, object]>([
    ['ranges are no longer answered', file(content, { ranges: false }), { code: 'input_no_range_support' }],
    [
      'another range is answered',
      file(content, { contentRange: 'bytes 0-999/5000' }),
      { code: 'input_no_range_support' },
    ],
    ['access has ended', status(403), { code: 'input_unreachable' }],
  ])('fails when %s', async (_, after, expected) => {
    const origin = await start({ '/in.mp4': [file(content), after] });
    await withInput(origin, async (input) => {
      await expect(input.readRange(3000, 3999)).rejects.toMatchObject(expected);
    });
  });

  it('fails when the input was closed', async () => {
    const origin = await start({ '/in.mp4': file(content) });
    const input = await HttpInput.open(origin.at('/in.mp4'), options);
    input.close();
    await expect(input.openRange(0, 9)).rejects.toBeInstanceOf(InputError);
  });

  it('shows where the redirects ended', async () => {
    const origin = await start({ '/start': redirect('/in.mp4?secret'), '/in.mp4': file(content) });
    await withInput(
      origin,
      (input) => expect(input.finalUrl.href).toBe(origin.at('/in.mp4?secret')),
      '/start',
    );
  });
});
