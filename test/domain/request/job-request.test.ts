import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { InvalidRequestError, OctetError } from '../../../domain/errors.ts';
import { parseJobRequest } from '../../../domain/request/job-request.ts';
import { destinationWith, outputWith, refusalsOf, requestWith } from './requests.ts';

/** As the original service documents it. */
const documented = `{
  "input": { "url": "https://s3.amazonaws.com/..." },
  "destination": { "provider": "s3", "region": "us-east-1", "bucket": "...",
                   "creds": { "access_key_id": "...", "secret_access_key": "..." } },
  "outputs": [ { "codec": "h264", "bitrate_kbps": "5000", "preset": "slow", "profile": "high", "rc": "vbr_hq",
                 "level": "4.1", "coder": "cabac", "resolution": "1920x1080", "dest_path": "full/path/to/vid_1080.mp4" } ],
  "callback": "https://..."
}`;

function thrownBy(body: string): unknown {
  try {
    parseJobRequest(body);
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('the documented request', () => {
  const sample = documented
    .replace('"bucket": "..."', '"bucket": "a-bucket"')
    .replace('"callback": "https://..."', '"callback": "https://example.com/done"');

  it('is accepted as it stands, with a bucket and a host in place of the dots', () => {
    expect(parseJobRequest(sample)).toEqual({
      warnings: [],
      outputs: JSON.parse(sample).outputs,
      request: {
        input: { url: 'https://s3.amazonaws.com/...' },
        destination: {
          provider: 's3',
          region: 'us-east-1',
          bucket: 'a-bucket',
          creds: { access_key_id: '...', secret_access_key: '...' },
        },
        outputs: [
          {
            codec: 'h264',
            bitrate_kbps: 5000,
            preset: 'slow',
            profile: 'high',
            rc: 'vbr_hq',
            level: '4.1',
            coder: 'cabac',
            resolution: { width: 1920, height: 1080 },
            dest_path: 'full/path/to/vid_1080.mp4',
            scale_interp_algo: 'cubic',
            cq: 0,
            qp: -1,
          },
        ],
        callback: { url: 'https://example.com/done' },
      },
    });
  });
});

describe('the body', () => {
  it.each(['{', '{"input": }', 'input=1', "{'input': 1}", '{"input": 1,}', 'undefined'])(
    'that is not JSON is refused: %s',
    (body) => {
      const error = thrownBy(body);
      expect(error).toBeInstanceOf(OctetError);
      expect(error).toMatchObject({
        code: 'invalid_json',
        status: 400,
        message: 'The body is not valid JSON; check its quotes, commas and brackets.',
      });
    },
  );

  it.each(['', ' \n'])('that is empty is told so: %j', (body) => {
    expect(thrownBy(body)).toMatchObject({
      code: 'invalid_json',
      message: 'The body is empty; send a JSON object with input, destination and outputs.',
    });
  });

  it('that is not JSON is not quoted in the error, since it may hold a secret', () => {
    const error = thrownBy('{"secret_access_key": wJalr}');
    expect(inspect(error)).not.toContain('wJalr');
  });

  it.each(['null', '[]', '[{}]', '1', '"x"', 'true'])('that is not an object is refused: %s', (body) => {
    expect(refusalsOf(JSON.parse(body))).toEqual([
      'The body must be a JSON object with input, destination and outputs.',
    ]);
  });

  it('that is empty misses each required field', () => {
    expect(refusalsOf({})).toEqual(['input is required', 'destination is required', 'outputs is required']);
  });

  it('is told every problem at once, wherever it is', () => {
    const error = thrownBy(
      JSON.stringify({
        input: { url: 'ftp://example.com/in.mp4' },
        destination: destinationWith({ bucket: 'B', creds: { access_key_id: 'a' } }),
        outputs: [
          outputWith({ resolutoin: '1x1', level: 9.9, qp: 20, rc: 'cbr' }),
          outputWith({ dest_path: undefined }),
          outputWith(),
        ],
        callbak: 'x',
      }),
    );
    expect(error).toBeInstanceOf(InvalidRequestError);
    const paths = (error as InvalidRequestError).problems.map(({ path }) => path);
    expect(paths.toSorted()).toEqual([
      'callbak',
      'destination.bucket',
      'destination.creds.secret_access_key',
      'input.url',
      'outputs[0].bitrate_kbps',
      'outputs[0].level',
      'outputs[0].qp',
      'outputs[0].resolutoin',
      'outputs[1].dest_path',
      'outputs[2].dest_path',
    ]);
    expect((error as Error).message).toBe(
      'input.url must be a URL that starts with http:// or https:// (and 9 more, see errors)',
    );
  });

  it('with more problems than an answer can hold is told the first 100', () => {
    const unknown = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`key${index}`, 1]));
    expect(refusalsOf(requestWith(unknown))).toHaveLength(100);
  });
});

it('is told of too many outputs before anybody looks at each of them', () => {
  expect(
    refusalsOf(requestWith({ outputs: Array(5000).fill({}) }))
      .map(String)
      .join(),
  ).toContain('outputs');
  expect(refusalsOf({ ...requestWith(), outputs: Array(5000).fill({}) })).toHaveLength(1);
});

describe('input.url', () => {
  const scheme = 'must be a URL that starts with http:// or https://';
  const long = (length: number) => 'https://example.com/'.padEnd(length, 'x');

  it.each<[unknown, string?]>([
    ['http://example.com/in.mp4'],
    ['HTTPS://EXAMPLE.COM/in.mp4'],
    ['https://example.com:8443/a%20b.mp4?X-Amz-Signature=abc'],
    ['https://[2606:4700::1111]/in.mp4'],
    [long(8192)],
    [long(8193), 'must be at most 8192 characters long'],
    [undefined, 'is required'],
    [null, scheme],
    [5, scheme],
    [{}, scheme],
    ['', scheme],
    ['https://', scheme],
    ['https:example.com', scheme],
    ['example.com/in.mp4', scheme],
    ['//example.com/in.mp4', scheme],
    ['file:///etc/passwd', scheme],
    ['s3://bucket/in.mp4', scheme],
    [' https://example.com/in.mp4', scheme],
    ['https://exa mple.com/in.mp4', scheme],
    ['https://example.com:99999/', scheme],
    [
      'https://user:secret@example.com/',
      'must not hold a user name or password; use a presigned URL instead',
    ],
    ['https://user@example.com/', 'must not hold a user name or password; use a presigned URL instead'],
  ])('%j: %s', (url, message) => {
    const expected = message === undefined ? [] : [`input.url ${message}`];
    expect(refusalsOf(requestWith({ input: { url } }))).toEqual(expected);
  });

  it.each([null, [], 'https://example.com/in.mp4', 1])('is not looked for in %j', (input) => {
    expect(refusalsOf(requestWith({ input }))).toEqual(['input must be an object with url']);
  });
});

describe('outputs', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => outputWith({ dest_path: `${index}.mp4` }));

  it.each<[string, unknown, string[]]>([
    ['1', many(1), []],
    ['20', many(20), []],
    ['0', [], ['outputs must have at least one output']],
    ['21', many(21), ['outputs must have at most 20 outputs']],
    ['an object', outputWith(), ['outputs must be a list of 1 to 20 outputs']],
    ['a string', 'x', ['outputs must be a list of 1 to 20 outputs']],
    ['null', null, ['outputs must be a list of 1 to 20 outputs']],
    [
      'no objects',
      [null, 1, 'x', []],
      [0, 1, 2, 3].map((i) => `outputs[${i}] must be an object with codec, resolution and dest_path`),
    ],
    [
      'without what is required',
      [{}],
      ['codec', 'resolution', 'dest_path'].map((key) => `outputs[0].${key} is required`),
    ],
  ])('%s', (_, outputs, expected) => {
    expect(refusalsOf(requestWith({ outputs }))).toEqual(expected);
  });

  it('may not share a dest_path, and each later one is told', () => {
    const outputs = ['a.mp4', 'b.mp4', 'a.mp4', 'A.mp4', 'a.mp4'].map((dest_path) =>
      outputWith({ dest_path }),
    );
    expect(refusalsOf(requestWith({ outputs }))).toEqual([
      'outputs[2].dest_path is the same as that of outputs[0]',
      'outputs[4].dest_path is the same as that of outputs[0]',
    ]);
  });
});
