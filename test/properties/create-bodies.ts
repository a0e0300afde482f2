import fc from 'fast-check';

type Json = fc.JsonValue;
type Key = string | number;

/** A request with every field that there is, which is accepted as it stands. */
export const VALID_REQUEST: Json = {
  input: { url: 'https://media.example/in.mp4' },
  destination: {
    provider: 's3',
    region: 'eu-central-1',
    bucket: 'renditions',
    endpoint: 'https://storage.example',
    path_style: true,
    storage_class: 'STANDARD_IA',
    cache_control: 'max-age=60',
    acl: 'private',
    creds: { access_key_id: 'AKIAEXAMPLE', secret_access_key: 'example-secret', session_token: 'token' },
  },
  outputs: [
    {
      codec: 'h264',
      resolution: '1920x1080',
      dest_path: 'full/path/1080.mp4',
      bitrate_kbps: '5000',
      scale_interp_algo: 'cubic',
      preset: 'slow',
      profile: 'high',
      level: '4.1',
      rc: 'vbr_hq',
      coder: 'cabac',
    },
    { codec: 'h264', resolution: '640x-1', dest_path: 'full/path/640.mp4', qp: 23, level: 4 },
  ],
  callback: { url: 'https://hooks.example/octet', secret: `whsec_${'A'.repeat(32)}`, detail: 'full' },
  metadata: { title: 'A film', owner: 'alice' },
};

/** Words that JavaScript's objects have a meaning for, and words that are nearly right. */
const KEYS = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', '~run', 'then'],
  ...['', ' ', '0', 'url', 'Url', 'outputs', 'outputs[0]', 'a.b', 'input\u0000', '\ud800', '\u202e', '💥'],
  ...['k'.repeat(64), 'k'.repeat(65), 'k'.repeat(10_000)],
];

const STRINGS = [
  ...[
    '',
    ' ',
    '\u0000',
    '\ud800',
    '\udfff\ud800',
    '\u202e4pm.x',
    'é'.normalize('NFD'),
    '１２８０x７２０',
    '-0',
  ],
  ...[
    '1e3',
    '0x10',
    '+5',
    ' 5 ',
    '5\n',
    'NaN',
    'Infinity',
    '9'.repeat(400),
    '1280x720x1',
    '-1x-1',
    '00016x016',
  ],
  ...['http://', 'http://[', 'HTTPS://X', 'http://%', 'http://a b/', 'https://@', 'file:///etc/passwd'],
  ...['../../etc', '/', 'a/'.repeat(600), 'whsec_', '=='.repeat(20), 'x'.repeat(8193), 'ﬀ'.repeat(2000)],
];

const NUMBERS = [0, -0, -1, 0.5, 51.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e21, 1e308, 5e-324, 4.1, 5.2];

const hugeText = fc
  .tuple(
    fc.constantFrom('a', '-', 'a-', '.', '9', '9.', '%', '=', 'A', ' ', '\ud83d\ude00', 'http://'),
    fc.nat(1),
  )
  .map(([piece, isHuge]) => piece.repeat((isHuge ? 100_000 : 3000) / piece.length));

const key = fc.oneof(fc.constantFrom(...KEYS), fc.string({ unit: 'binary', maxLength: 12 }));

const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...STRINGS) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: hugeText },
);

const scalar: fc.Arbitrary<Json> = fc.oneof(
  text,
  fc.constantFrom(...NUMBERS),
  fc.double({ noNaN: true }),
  fc.boolean(),
  fc.constant(null),
);

const small: fc.Arbitrary<Json> = fc.oneof(
  scalar,
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<Json>([], {}, [[]], [{}]),
);

/** Objects made from pairs have `__proto__` as a key like others, and JSON writes it. */
const object: fc.Arbitrary<Json> = fc
  .array(fc.tuple(key, small), { maxLength: 8 })
  .map((pairs) => Object.fromEntries(pairs));

const long: fc.Arbitrary<Json> = fc
  .tuple(small, fc.constantFrom(21, 100, 2000))
  .map(([value, count]) => Array.from({ length: count }, () => value))
  .filter((value) => JSON.stringify(value).length < 200_000);

const deep: fc.Arbitrary<Json> = fc
  .tuple(fc.constantFrom('a', '__proto__', 'url'), fc.constantFrom(10, 300, 2000))
  .map(([name, depth]) => {
    let value: Json = [];
    for (let level = 0; level < depth; level++)
      value = level % 2 ? [value] : Object.fromEntries([[name, value]]);
    return value;
  });

/** Whatever a field may be set to by somebody who means no good. */
const anything: fc.Arbitrary<Json> = fc.oneof(
  { weight: 12, arbitrary: small },
  { weight: 4, arbitrary: object },
  { weight: 1, arbitrary: long },
  { weight: 1, arbitrary: deep },
);

/** Every place in a request, the request itself among them. */
function placesIn(value: Json, path: readonly Key[] = []): (readonly Key[])[] {
  if (value === null || typeof value !== 'object') return [path];
  const inner = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...inner.flatMap(([name, each]) => placesIn(each as Json, [...path, name]))];
}

const PLACES = placesIn(VALID_REQUEST);

type Change = (value: Json) => Json | undefined;

/** A request in which one place is another, and is gone when that is undefined. */
function changedAt(value: Json, [first, ...rest]: readonly Key[], change: Change): Json | undefined {
  if (first === undefined) return change(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    return value.flatMap((each: Json, index): Json[] => {
      const next = index === first ? changedAt(each, rest, change) : each;
      return next === undefined ? [] : [next];
    });
  }
  const pairs = Object.entries(value).flatMap(([name, each]): [string, Json][] => {
    const next = name === first ? changedAt(each as Json, rest, change) : (each as Json);
    return next === undefined ? [] : [[name, next]];
  });
  return Object.fromEntries(pairs);
}

const replacedBy =
  (other: Json): Change =>
  () =>
    other;
const removed: Change = () => undefined;
const repeated =
  (count: number): Change =>
  (value) =>
    Array.from({ length: count }, () => value);
const wrapped =
  (name: string): Change =>
  (value) =>
    Object.fromEntries([[name, value]]);
const asText: Change = (value) => JSON.stringify(value);
const grown =
  (name: string, other: Json): Change =>
  (value) => {
    if (Array.isArray(value)) return [...value, other];
    if (typeof value !== 'object' || value === null) return other;
    return Object.fromEntries([...Object.entries(value), [name, other]]);
  };

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 8, arbitrary: anything.map(replacedBy) },
  { weight: 2, arbitrary: fc.constant(removed) },
  { weight: 2, arbitrary: fc.constantFrom(2, 21, 300).map(repeated) },
  { weight: 2, arbitrary: key.map(wrapped) },
  { weight: 1, arbitrary: fc.constant(asText) },
  { weight: 4, arbitrary: fc.tuple(key, small).map((pair) => grown(...pair)) },
);

/** A request that was valid, and what it is after one change, with the field of the request in which the change lies. */
export const changedOnce: fc.Arbitrary<{ readonly field: string; readonly body: string }> = fc
  .tuple(fc.constantFrom(...PLACES.filter(([first]) => first !== undefined)), change)
  .map(([place, how]) => ({
    field: String(place[0]),
    body: JSON.stringify(changedAt(VALID_REQUEST, place, how) ?? {}),
  }));

const changedOften = fc
  .array(fc.tuple(fc.constantFrom(...PLACES), change), { minLength: 2, maxLength: 6 })
  .map((changes) =>
    changes.reduce<Json>((value, [place, how]) => changedAt(value, place, how) ?? {}, VALID_REQUEST),
  )
  .map((value) => JSON.stringify(value));

const VALID_TEXT = JSON.stringify(VALID_REQUEST);

/** JSON text with a part of it replaced, so that it mostly is JSON no longer; keys that come twice among it. */
const brokenText = fc
  .tuple(
    fc.nat(VALID_TEXT.length),
    fc.nat(40),
    fc.oneof(
      text,
      fc.constantFrom(
        ...[
          '"',
          '\\',
          '{',
          '}',
          '[',
          ']',
          ',',
          ':',
          'null',
          '\\u0000',
          '\\ud800',
          '1e999',
          '-',
          '//',
          '\ufeff',
        ],
        ...['"outputs":[],', '"input":{"url":1},', '"__proto__":{"codec":"h264"},', '['.repeat(50_000)],
      ),
    ),
  )
  .map(([at, count, other]) => VALID_TEXT.slice(0, at) + other + VALID_TEXT.slice(at + count));

/** Bytes. A longer body is refused before anybody looks at it. */
export const LONGEST_BODY = 256 * 1024;

/** What may come as the body of `POST /v0/jobs/create`. */
export const createBody: fc.Arbitrary<string> = fc
  .oneof(
    { weight: 10, arbitrary: changedOnce.map(({ body }) => body) },
    { weight: 6, arbitrary: changedOften },
    { weight: 4, arbitrary: brokenText },
    { weight: 2, arbitrary: anything.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: text },
  )
  .filter((body) => Buffer.byteLength(body) <= LONGEST_BODY);
