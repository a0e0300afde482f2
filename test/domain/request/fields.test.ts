import { expect, it } from 'vitest';
import { alternatives, urlWithoutSecrets } from '../../../domain/request/fields.ts';

it.each<[string[], string]>([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a or b'],
  [['a', 'b', 'c'], 'a, b or c'],
])('%j are told as %j', (words, text) => {
  expect(alternatives(words)).toBe(text);
});

it.each<[string, string]>([
  ['https://example.com/in.mp4?X-Amz-Signature=secret', 'https://example.com/in.mp4'],
  ['https://example.com:8443/a/b.mp4#token', 'https://example.com:8443/a/b.mp4'],
  ['https://user:secret@example.com/', 'https://example.com/'],
  ['https://example.com', 'https://example.com/'],
])('%s is shown as %s', (url, shown) => {
  expect(urlWithoutSecrets(url)).toBe(shown);
});
