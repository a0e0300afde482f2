import { describe, expect, it } from 'vitest';
import { destinationWith, outputWith, refusalsOf, requestWith } from './requests.ts';

const outputKeys =
  'codec, resolution, dest_path, bitrate_kbps, scale_interp_algo, preset, profile, level, rc, coder, cq, qp';

const creds = { access_key_id: 'a', secret_access_key: 'b' };

function requestWithKey(where: string, key: string) {
  const extra = JSON.parse(`{${JSON.stringify(key)}: 1}`);
  switch (where) {
    case 'input':
      return requestWith({ input: { url: 'https://example.com', ...extra } });
    case 'destination':
      return requestWith({ destination: destinationWith(extra) });
    case 'destination.creds':
      return requestWith({ destination: destinationWith({ creds: { ...creds, ...extra } }) });
    case 'outputs[0]':
      return requestWith({ outputs: [outputWith(extra)] });
    case 'callback':
      return requestWith({ callback: { url: 'https://example.com', ...extra } });
    default:
      return requestWith(extra);
  }
}

describe('an unknown key is refused by name, with the nearest known one', () => {
  it.each<[string, string, string]>([
    ['', 'output', 'outputs'],
    ['', 'inputs', 'input'],
    ['', 'callback_url', 'callback'],
    ['', 'meta', 'metadata'],
    ['', 'Destination', 'destination'],
    ['input', 'uri', 'url'],
    ['input', 'input_url', 'url'],
    ['destination', 'bucket_name', 'bucket'],
    ['destination', 'cred', 'creds'],
    ['destination', 'endpoint_url', 'endpoint'],
    ['destination', 'storageClass', 'storage_class'],
    ['destination.creds', 'accessKeyId', 'access_key_id'],
    ['destination.creds', 'secret', 'secret_access_key'],
    ['destination.creds', 'token', 'session_token'],
    ['outputs[0]', 'resolutoin', 'resolution'],
    ['outputs[0]', 'bitrate', 'bitrate_kbps'],
    ['outputs[0]', 'bitrate_kpbs', 'bitrate_kbps'],
    ['outputs[0]', 'path', 'dest_path'],
    ['outputs[0]', 'Codec', 'codec'],
    ['outputs[0]', 'video_codec', 'codec'],
    ['outputs[0]', 'scale_algo', 'scale_interp_algo'],
    ['outputs[0]', 'prest', 'preset'],
    ['callback', 'secrets', 'secret'],
    ['callback', 'details', 'detail'],
  ])('%s %s: %s', (where, key, near) => {
    const path = where === '' ? key : `${where}.${key}`;
    expect(refusalsOf(requestWithKey(where, key))).toEqual([
      `${path} is not a known key; did you mean ${near}?`,
    ]);
  });
});

describe('a key that is near none is told all of them', () => {
  it.each<[string, string, string, string]>([
    ['', 'x', 'x', 'input, destination, outputs, callback, metadata'],
    ['', '__proto__', '__proto__', 'input, destination, outputs, callback, metadata'],
    ['', 'constructor', 'constructor', 'input, destination, outputs, callback, metadata'],
    ['', 'toString', 'toString', 'input, destination, outputs, callback, metadata'],
    ['', '', '[""]', 'input, destination, outputs, callback, metadata'],
    ['outputs[0]', 'fps', 'outputs[0].fps', outputKeys],
    ['outputs[0]', 'width', 'outputs[0].width', outputKeys],
    ['outputs[0]', 'constructor', 'outputs[0].constructor', outputKeys],
    ['outputs[0]', 'two words', 'outputs[0]["two words"]', outputKeys],
    ['outputs[0]', '0', 'outputs[0]["0"]', outputKeys],
    ['outputs[0]', 'resolution'.repeat(10), `outputs[0].${'resolution'.repeat(10)}`, outputKeys],
    ['input', 'link', 'input.link', 'url'],
  ])('%s %j', (where, key, path, known) => {
    expect(refusalsOf(requestWithKey(where, key))).toEqual([
      `${path} is not a known key; known are ${known}`,
    ]);
  });
});

it('several are told at once, at every level', () => {
  const request = {
    input: { url: 'https://example.com', a1: 1 },
    destination: destinationWith({ creds: { ...creds, b2: 1 } }),
    outputs: [outputWith({ c3: 1 }), outputWith({ dest_path: 'b.mp4', d4: 1 })],
    callback: { url: 'https://example.com', e5: 1 },
    metadata: { anything: 'is allowed here' },
    f6: 1,
  };
  const paths = refusalsOf(request).map((refusal) => refusal.split(' ')[0]);
  expect(paths).toEqual([
    'input.a1',
    'destination.creds.b2',
    'outputs[0].c3',
    'outputs[1].d4',
    'callback.e5',
    'f6',
  ]);
});

it('a prototype is not changed by any key', () => {
  refusalsOf(JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}'));
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});
