import {
  DeleteObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { Bucket, put, sendRaw, useS3 } from './harness.ts';

const harness = useS3();
const list = (input: Partial<ListObjectsV2CommandInput> = {}) =>
  harness.client.send(new ListObjectsV2Command({ Bucket, ...input }));

async function putAll(...keys: string[]) {
  for (const key of keys) await put(harness, key, key);
}

/** Keys and common prefixes, page by page. */
async function pages(input: Partial<ListObjectsV2CommandInput>) {
  const all: string[][] = [];
  for await (const page of paginateListObjectsV2({ client: harness.client }, { Bucket, ...input })) {
    const keys = page.Contents?.map(({ Key = '' }) => Key) ?? [];
    const prefixes = page.CommonPrefixes?.map(({ Prefix = '' }) => `${Prefix}*`) ?? [];
    expect(page.KeyCount).toBe(keys.length + prefixes.length);
    all.push([...keys, ...prefixes]);
  }
  return all;
}

it('an empty bucket has an empty listing', async () => {
  const { $metadata, ...page } = await list();
  expect(page).toEqual({ Name: Bucket, Prefix: '', KeyCount: 0, MaxKeys: 1000, IsTruncated: false });
});

it('shows size, entity tag, date and class', async () => {
  const { ETag } = await put(harness, 'a', 'content', { StorageClass: 'GLACIER' });
  await put(harness, 'b', '');
  const { Contents = [] } = await list();
  expect(Contents).toMatchObject([
    { Key: 'a', Size: 7, ETag, StorageClass: 'GLACIER', LastModified: expect.any(Date) },
    { Key: 'b', Size: 0, StorageClass: 'STANDARD' },
  ]);
});

it('shows at once what was put, replaced and deleted', async () => {
  const shown = async () => (await list()).Contents?.map(({ Key, Size }) => [Key, Size]) ?? [];
  await put(harness, 'a', '1');
  expect(await shown()).toEqual([['a', 1]]);
  await put(harness, 'a', '22');
  await put(harness, 'b', '');
  expect(await shown()).toEqual([
    ['a', 2],
    ['b', 0],
  ]);
  await harness.client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
  expect(await shown()).toEqual([['b', 0]]);
});

it('is in the order of the bytes of UTF-8', async () => {
  const ordered = ['', 'A', 'B', 'a', 'a/', 'a/b', 'aa', 'é', '\ufb01', '🎬'].slice(1);
  await putAll(...ordered.toReversed());
  expect((await list()).Contents?.map(({ Key }) => Key)).toEqual(ordered);
});

describe('prefix and delimiter', () => {
  it.each<[string, Partial<ListObjectsV2CommandInput>, string[]]>([
    ['everything', {}, ['a', 'b/', 'b/1', 'b/2/x', 'b/2/y', 'c-1', 'c-2', 'd']],
    ['a folder', { Prefix: 'b/' }, ['b/', 'b/1', 'b/2/x', 'b/2/y']],
    ['the top', { Delimiter: '/' }, ['a', 'c-1', 'c-2', 'd', 'b/*']],
    ['the top of a folder', { Prefix: 'b/', Delimiter: '/' }, ['b/', 'b/1', 'b/2/*']],
    ['a prefix that ends within a name', { Prefix: 'b/2', Delimiter: '/' }, ['b/2/*']],
    ['a delimiter of two characters', { Delimiter: '/2' }, ['a', 'b/', 'b/1', 'c-1', 'c-2', 'd', 'b/2*']],
    ['a delimiter that is no slash', { Delimiter: '-' }, ['a', 'b/', 'b/1', 'b/2/x', 'b/2/y', 'd', 'c-*']],
    ['an empty delimiter', { Prefix: 'c', Delimiter: '' }, ['c-1', 'c-2']],
    ['a prefix of nothing', { Prefix: 'x', Delimiter: '/' }, []],
    ['behind a key', { StartAfter: 'b/2/x' }, ['b/2/y', 'c-1', 'c-2', 'd']],
    ['behind what is no key', { StartAfter: 'c' }, ['c-1', 'c-2', 'd']],
    ['behind a key in a folder', { StartAfter: 'b/1', Delimiter: '/' }, ['c-1', 'c-2', 'd', 'b/*']],
    ['behind everything', { StartAfter: 'e' }, []],
  ])('%s', async (_, input, shown) => {
    await putAll('a', 'b/', 'b/1', 'b/2/x', 'b/2/y', 'c-1', 'c-2', 'd');
    expect((await pages(input)).flat()).toEqual(shown);
  });
});

describe('pages', () => {
  it.each<[string, Partial<ListObjectsV2CommandInput>, string[][]]>([
    [
      'of keys',
      { MaxKeys: 2 },
      [
        ['a/1', 'a/2'],
        ['b', 'c/1'],
        ['c/2', 'd'],
      ],
    ],
    [
      'of keys and common prefixes',
      { MaxKeys: 2, Delimiter: '/' },
      [
        ['b', 'a/*'],
        ['d', 'c/*'],
      ],
    ],
    ['that each end in a common prefix', { MaxKeys: 1, Delimiter: '/' }, [['a/*'], ['b'], ['c/*'], ['d']]],
    [
      'that begin behind a key',
      { MaxKeys: 2, StartAfter: 'a/2' },
      [
        ['b', 'c/1'],
        ['c/2', 'd'],
      ],
    ],
    ['as long as the listing', { MaxKeys: 6 }, [['a/1', 'a/2', 'b', 'c/1', 'c/2', 'd']]],
    ['of a folder', { MaxKeys: 1, Prefix: 'c/' }, [['c/1'], ['c/2']]],
  ])('%s', async (_, input, shown) => {
    await putAll('a/1', 'a/2', 'b', 'c/1', 'c/2', 'd');
    expect(await pages(input)).toEqual(shown);
  });

  it('go on where they ended, whatever has changed before', async () => {
    await putAll('b', 'c', 'd');
    const { NextContinuationToken: ContinuationToken, IsTruncated } = await list({ MaxKeys: 1 });
    expect(IsTruncated).toBe(true);
    await putAll('a');
    const { Contents, ...rest } = await list({ ContinuationToken });
    expect(Contents?.map(({ Key }) => Key)).toEqual(['c', 'd']);
    expect(rest).toMatchObject({ ContinuationToken, IsTruncated: false });
  });

  it('of nothing have nothing to come', async () => {
    await putAll('a');
    expect(await list({ MaxKeys: 0 })).toMatchObject({ KeyCount: 0, MaxKeys: 0, IsTruncated: false });
  });

  it('have at most 1000 entries', async () => {
    expect((await list({ MaxKeys: 5000 })).MaxKeys).toBe(1000);
  });
});

describe('encoding', () => {
  const Key = 'a b/\u0001&<"é\r\n';

  it('makes any key readable', async () => {
    await putAll(Key);
    const page = await list({ EncodingType: 'url', Prefix: 'a b', StartAfter: 'a ', Delimiter: '"' });
    expect(page).toMatchObject({
      EncodingType: 'url',
      Prefix: 'a%20b',
      StartAfter: 'a%20',
      Delimiter: '%22',
      CommonPrefixes: [{ Prefix: 'a%20b/%01%26%3C%22' }],
    });
  });

  it('is not needed for keys without control characters', async () => {
    await putAll('a b/&<">\'é+%20');
    expect((await list()).Contents).toMatchObject([{ Key: 'a b/&<">\'é+%20' }]);
  });
});

it.each([
  ['max-keys=-1'],
  ['max-keys=x'],
  ['max-keys=1e3'],
  ['encoding-type=base64'],
  ['continuation-token='],
  ['continuation-token=%21'],
])('refuses %s', async (parameter) => {
  const answer = await sendRaw(harness, { path: `/${Bucket}?list-type=2&${parameter}` });
  expect(answer).toMatchObject({ status: 400, code: 'InvalidArgument' });
});
