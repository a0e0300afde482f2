import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { assertSameFile, conditionsFor, parseContentRange } from '../../services/input-identity.ts';
import type { RangeAnswer } from '../../services/range-client.ts';

describe('Content-Range', () => {
  it.each<[string, object]>([
    ['bytes 0-99/1234', { start: 0, end: 99, total: 1234 }],
    ['bytes 5-5/6', { start: 5, end: 5, total: 6 }],
    ['Bytes 0-99/1234', { start: 0, end: 99, total: 1234 }],
    [' bytes 0-99/1234 ', { start: 0, end: 99, total: 1234 }],
    ['bytes 0-99/*', { start: 0, end: 99, total: undefined }],
    ['bytes 5000000000-5000000001/9000000000', { start: 5e9, end: 5e9 + 1, total: 9e9 }],
  ])('%j is understood', (header, expected) => {
    expect(parseContentRange(header)).toEqual(expected);
  });

  it.each([
    undefined,
    '',
    'bytes */1234',
    'bytes 0-99',
    'bytes 99-0/1234',
    'bytes -5/1234',
    'bytes 0-/1234',
    'bytes=0-99/1234',
    'items 0-99/1234',
    '0-99/1234',
    'bytes 0-99/1234, bytes 5-6/1234',
  ])('%j is not', (header) => {
    expect(parseContentRange(header)).toBeUndefined();
  });
});

describe('the condition of later requests', () => {
  const lastModified = 'Mon, 23 Nov 2026 10:00:00 GMT';

  it.each<[string, string | undefined, string | undefined, object]>([
    ['the ETag', '"abc"', undefined, { 'if-match': '"abc"' }],
    ['the ETag rather than the date', '"abc"', lastModified, { 'if-match': '"abc"' }],
    ['the date rather than a weak ETag', 'W/"abc"', lastModified, { 'if-unmodified-since': lastModified }],
    ['nothing for a weak ETag alone', 'W/"abc"', undefined, {}],
    ['the date', undefined, lastModified, { 'if-unmodified-since': lastModified }],
    ['nothing', undefined, undefined, {}],
  ])('is %s', (_, etag, date, expected) => {
    expect(conditionsFor({ size: 10, etag, lastModified: date })).toEqual(expected);
  });
});

describe('an answer', () => {
  const identity = { size: 100, etag: '"a"', lastModified: 'Mon' };
  const range = { 'content-range': 'bytes 10-19/100' };

  const check = (status: number, headers: Record<string, string>, known: object = {}) => {
    const url = new URL('https://example.com/in.mp4?secret');
    const answer: RangeAnswer = { status, url, body: Readable.from([]), header: (name) => headers[name] };
    return () => assertSameFile(answer, { ...identity, ...known }, 10);
  };

  it.each<[string, () => void]>([
    ['has the ETag', check(206, { ...range, etag: '"a"' })],
    ['has the ETag and another date', check(206, { ...range, etag: '"a"', 'last-modified': 'Tue' })],
    ['has no ETag and the date', check(206, { ...range, 'last-modified': 'Mon' })],
    ['has neither', check(206, range)],
    [
      'has an ETag where none was known',
      check(206, { ...range, etag: '"b"' }, { etag: undefined, lastModified: undefined }),
    ],
    ['holds fewer bytes', check(206, { 'content-range': 'bytes 10-11/100' })],
    ['does not tell the size', check(206, { 'content-range': 'bytes 10-19/*' })],
  ])('is of the same file when it %s', (_, use) => {
    expect(use).not.toThrow();
  });

  it.each<[string, () => void]>([
    ['has another ETag', check(206, { ...range, etag: '"b"' })],
    ['has another weak ETag', check(206, { ...range, etag: 'W/"b"' }, { etag: 'W/"a"' })],
    ['has another date', check(206, { ...range, 'last-modified': 'Tue' })],
    ['tells another size', check(206, { 'content-range': 'bytes 10-19/101' })],
    ['fails the condition', check(412, {})],
    ['does not have the range', check(416, { 'content-range': 'bytes */5' })],
    ['is whole, with another ETag', check(200, { etag: '"b"' })],
  ])('is of a changed file when it %s', (_, use) => {
    expect(use).toThrow(
      'https://example.com/in.mp4 changed while it was read: send the job again once the file stays as it is.',
    );
    expect(use).toThrow(expect.objectContaining({ code: 'input_changed', transient: false }));
  });

  it.each<[string, () => void]>([
    ['is whole', check(200, { etag: '"a"' })],
    ['starts elsewhere', check(206, { 'content-range': 'bytes 0-19/100' })],
    ['does not say where it starts', check(206, {})],
  ])('shows that there are no ranges when it %s', (_, use) => {
    expect(use).toThrow('https://example.com/in.mp4 does not answer range requests (206 with Content-Range)');
    expect(use).toThrow(expect.objectContaining({ code: 'input_no_range_support' }));
  });
});
