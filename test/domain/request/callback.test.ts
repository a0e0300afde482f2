import { describe, expect, it } from 'vitest';
import { parseJobRequest } from '../../../domain/request/job-request.ts';
import { refusalsOf, requestWith } from './requests.ts';

describe('callback', () => {
  const url = 'https://example.com/done';
  const bytes = (count: number) => Buffer.alloc(count, 0xfb).toString('base64');
  const secretMessage =
    'callback.secret must be a Standard Webhooks secret: base64 of 24 to 64 random bytes, with or without whsec_ in front';

  it.each<[string, unknown, unknown]>([
    ['left out', undefined, undefined],
    ['a URL', url, { url }],
    ['an object', { url }, { url }],
    [
      'an object with everything',
      { url, secret: bytes(24), detail: 'full' },
      { url, secret: bytes(24), detail: 'full' },
    ],
  ])('may be %s', (_, callback, expected) => {
    expect(parseJobRequest(JSON.stringify(requestWith({ callback }))).request.callback).toEqual(expected);
  });

  it.each<[unknown, string]>([
    [null, 'callback must be a URL or an object with url'],
    [1, 'callback must be a URL or an object with url'],
    [[url], 'callback must be a URL or an object with url'],
    ['', 'callback must be a URL that starts with http:// or https://'],
    ['mailto:a@example.com', 'callback must be a URL that starts with http:// or https://'],
    [
      'https://user:secret@example.com',
      'callback must not hold a user name or password; use a presigned URL instead',
    ],
    [{}, 'callback.url is required'],
    [{ url: 'x' }, 'callback.url must be a URL that starts with http:// or https://'],
    [{ url, detail: 'some' }, 'callback.detail must be full'],
    [{ url, urls: 1 }, 'callback.urls is not a known key; did you mean url?'],
  ])('is refused as %j', (callback, message) => {
    expect(refusalsOf(requestWith({ callback }))).toEqual([message]);
  });

  it.each<[string, unknown, boolean]>([
    ['of 24 bytes', bytes(24), true],
    ['of 64 bytes', bytes(64), true],
    ['of 25 bytes, with padding', bytes(25), true],
    ['of 26 bytes, with padding', bytes(26), true],
    ['with whsec_ in front', `whsec_${bytes(32)}`, true],
    ['of 23 bytes', bytes(23), false],
    ['of 65 bytes', bytes(65), false],
    ['of 23 bytes with whsec_ in front', `whsec_${bytes(23)}`, false],
    ['without its padding', bytes(25).replaceAll('=', ''), false],
    ['in base64url', Buffer.alloc(32, 0xfb).toString('base64url'), false],
    ['with a newline', `${bytes(32)}\n`, false],
    ['with another prefix', `whpk_${bytes(32)}`, false],
    ['that is empty', '', false],
    ['that is no string', 5, false],
  ])('takes a secret %s: %s', (_, secret, isTaken) => {
    expect(refusalsOf(requestWith({ callback: { url, secret } }))).toEqual(isTaken ? [] : [secretMessage]);
  });
});
