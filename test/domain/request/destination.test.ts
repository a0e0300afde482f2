import { describe, expect, it } from 'vitest';
import { parseJobRequest } from '../../../domain/request/job-request.ts';
import { destinationWith, refusalsOf, requestWith } from './requests.ts';

const refusals = (fields: Record<string, unknown>) =>
  refusalsOf(requestWith({ destination: destinationWith(fields) }));

function parsed(fields: Record<string, unknown>) {
  const body = JSON.stringify(requestWith({ destination: destinationWith(fields) }));
  return parseJobRequest(body).request.destination;
}

it.each([null, [], 's3://bucket', 1])('a destination that is %j is refused', (destination) => {
  expect(refusalsOf(requestWith({ destination }))).toEqual([
    'destination must be an object with provider, bucket and creds',
  ]);
});

it('what is missing is told', () => {
  expect(refusalsOf(requestWith({ destination: {} }))).toEqual([
    'destination.provider is required',
    'destination.bucket is required',
    'destination.creds is required',
  ]);
});

it('the region is us-east-1 where none is given', () => {
  expect(parsed({})).toMatchObject({ region: 'us-east-1' });
});

describe.each<[string, unknown[], unknown[], string]>([
  ['provider', ['s3'], ['S3', 'gcs', '', null, 1], 'must be s3'],
  [
    'region',
    [
      'us-east-1',
      'eu-central-2',
      'us-gov-west-1',
      'us-iso-east-1',
      'cn-northwest-1',
      'ap-southeast-10',
      'mx-central-1',
      'auto',
      'us-west-004',
    ],
    [
      '',
      'US-EAST-1',
      'us-east',
      'us_east_1',
      'us-east-1a',
      ' us-east-1',
      'us-east-1\n',
      'us-east-1.evil.example',
      null,
      1,
    ],
    'must be an AWS region such as us-east-1',
  ],
  [
    'bucket',
    ['abc', 'a.b-c', '0'.repeat(63), '1.2.3', 'my-bucket-1'],
    [
      '',
      'ab',
      'a'.repeat(64),
      'Bucket',
      'my_bucket',
      '-abc',
      'abc-',
      '.abc',
      'abc.',
      'a..b',
      '192.168.5.4',
      'a/b',
      'a b',
      'bücket',
      'abc\n',
      null,
      1,
    ],
    'must be an S3 bucket name: 3 to 63 lower-case letters, digits, hyphens and single dots, not an IP address',
  ],
  [
    'endpoint',
    ['https://account.r2.cloudflarestorage.com', 'http://127.0.0.1:9000'],
    ['', 'account.r2.cloudflarestorage.com', 'ftp://example.com', null, 1],
    'must be a URL that starts with http:// or https://',
  ],
  ['path_style', [true, false], ['true', 1, 0, null, ''], 'must be true or false'],
  [
    'storage_class',
    [
      'STANDARD',
      'STANDARD_IA',
      'ONEZONE_IA',
      'INTELLIGENT_TIERING',
      'GLACIER',
      'GLACIER_IR',
      'DEEP_ARCHIVE',
      'REDUCED_REDUNDANCY',
    ],
    ['standard', '', null, 1],
    'must be STANDARD, REDUCED_REDUNDANCY, STANDARD_IA, ONEZONE_IA, INTELLIGENT_TIERING, GLACIER, DEEP_ARCHIVE or GLACIER_IR',
  ],
  [
    'acl',
    [
      'private',
      'public-read',
      'public-read-write',
      'authenticated-read',
      'aws-exec-read',
      'bucket-owner-read',
      'bucket-owner-full-control',
    ],
    ['Private', 'log-delivery-write', '', null],
    'must be private, public-read, public-read-write, authenticated-read, aws-exec-read, bucket-owner-read or bucket-owner-full-control',
  ],
  [
    'cache_control',
    ['max-age=60, public', 'x', 'x'.repeat(1024)],
    ['', 'x'.repeat(1025), 'max-age=60\r\nx-amz-acl: public-read', 'ü', ' x', null, 60],
    'must be 1 to 1024 printable ASCII characters without spaces at either end',
  ],
])('%s', (key, good, bad, message) => {
  it.each(good)('may be %j', (value) => {
    expect(parsed({ [key]: value })).toMatchObject({ [key]: value });
  });

  it.each(bad)('may not be %j', (value) => {
    expect(refusals({ [key]: value })).toEqual([`destination.${key} ${message}`]);
  });
});

describe('creds', () => {
  const whole = 'must be an object with access_key_id and secret_access_key';
  const text = (max: number) => `must be 1 to ${max} printable ASCII characters without spaces at either end`;
  const id = { access_key_id: 'AKIA' };
  const secret = { secret_access_key: 'a/b+c=' };

  it.each<[string, unknown, string[]]>([
    ['both halves', { ...id, ...secret }, []],
    ['a session token', { ...id, ...secret, session_token: 'x'.repeat(4096) }, []],
    [
      'the longest of everything',
      { access_key_id: 'x'.repeat(128), secret_access_key: 'x'.repeat(1024) },
      [],
    ],
    ['nothing', {}, ['.access_key_id is required', '.secret_access_key is required']],
    ['the id alone', id, ['.secret_access_key is required']],
    ['the secret alone', secret, ['.access_key_id is required']],
    ['an empty id', { access_key_id: '', ...secret }, [`.access_key_id ${text(128)}`]],
    ['a long id', { access_key_id: 'x'.repeat(129), ...secret }, [`.access_key_id ${text(128)}`]],
    ['a number', { ...id, secret_access_key: 5 }, [`.secret_access_key ${text(1024)}`]],
    ['null', { ...id, secret_access_key: null }, [`.secret_access_key ${text(1024)}`]],
    ['a long secret', { ...id, secret_access_key: 'x'.repeat(1025) }, [`.secret_access_key ${text(1024)}`]],
    ['a newline', { access_key_id: 'AKIA\n', ...secret }, [`.access_key_id ${text(128)}`]],
    ['a long token', { ...id, ...secret, session_token: 'x'.repeat(4097) }, [`.session_token ${text(4096)}`]],
    ['an empty token', { ...id, ...secret, session_token: '' }, [`.session_token ${text(4096)}`]],
    ['a list', [], [` ${whole}`]],
    ['a string', 'AKIA', [` ${whole}`]],
    ['null itself', null, [` ${whole}`]],
  ])('%s', (_, creds, expected) => {
    expect(refusals({ creds })).toEqual(expected.map((problem) => `destination.creds${problem}`));
  });

  it('are in no message', () => {
    const creds = { access_key_id: 'AKIA\n', secret_access_key: 'SECRET\n', session_token: 'TOKEN\n' };
    expect(refusals({ creds, bucket: 'B' }).join()).not.toMatch(/AKIA|SECRET|TOKEN/);
  });
});
