import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readEnvironment } from '../../../batch-image/worker/env.ts';

const required = {
  OCTET_JOB_ID: '7',
  TABLE_NAME: 'jobs',
  KMS_KEY_ID: 'key',
  AWS_BATCH_JOB_ID: 'b-1',
  SCRATCH_BUCKET: 'pieces',
};
const optional = [
  'ALLOW_PRIVATE_HOSTS',
  'SCRATCH_DIR',
  'FFMPEG_PATH',
  'FFPROBE_PATH',
  'GPU',
  'JOB_RETENTION_DAYS',
  'OCTET_STEP',
  'AWS_BATCH_JOB_ARRAY_INDEX',
];

beforeEach(() => {
  for (const name of optional) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries(required)) vi.stubEnv(name, value);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

it('has defaults for what need not be said', () => {
  expect(readEnvironment()).toMatchObject({
    jobId: '7',
    step: 'whole',
    child: 0,
    batchJobId: 'b-1',
    tableName: 'jobs',
    keyId: 'key',
    allowPrivateHosts: false,
    scratchDir: tmpdir(),
    isGpuRequired: false,
    tools: { ffmpeg: 'ffmpeg', ffprobe: 'ffprobe' },
  });
});

it('takes what is said', () => {
  vi.stubEnv('ALLOW_PRIVATE_HOSTS', 'true');
  vi.stubEnv('SCRATCH_DIR', '/scratch');
  vi.stubEnv('GPU', 'required');
  vi.stubEnv('OCTET_STEP', 'encode');
  vi.stubEnv('AWS_BATCH_JOB_ARRAY_INDEX', '3');
  vi.stubEnv('JOB_RETENTION_DAYS', '7');
  vi.stubEnv('FFMPEG_PATH', '/opt/ffmpeg');
  vi.stubEnv('FFPROBE_PATH', '/opt/ffprobe');
  expect(readEnvironment()).toMatchObject({
    allowPrivateHosts: true,
    scratchDir: '/scratch',
    isGpuRequired: true,
    step: 'encode',
    child: 3,
    retentionDays: 7,
    tools: { ffmpeg: '/opt/ffmpeg', ffprobe: '/opt/ffprobe' },
  });
});

it('leaves nothing to ffmpeg that gives access to AWS', () => {
  vi.stubEnv('AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', '/v2/credentials/1');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('LD_LIBRARY_PATH', '/usr/lib/nvidia');
  const { environment } = readEnvironment().tools;
  expect(environment).toMatchObject({ LD_LIBRARY_PATH: '/usr/lib/nvidia', PATH: process.env.PATH });
  expect(Object.keys(environment).filter((name) => name.startsWith('AWS'))).toEqual([]);
});

it.each([
  ...Object.keys(required).flatMap((name) => [
    [name, undefined, `The environment variable ${name} is not set.`],
    [name, '', `The environment variable ${name} is not set.`],
  ]),
  ['ALLOW_PRIVATE_HOSTS', 'yes', 'The environment variable ALLOW_PRIVATE_HOSTS must be true or false.'],
  ['JOB_RETENTION_DAYS', '0', 'The environment variable JOB_RETENTION_DAYS must be at least 1.'],
  ['OCTET_STEP', 'all', 'The environment variable OCTET_STEP must be one of whole, encode, package.'],
  ['GPU', '1', 'The environment variable GPU must be required or optional.'],
  ['FFMPEG_PATH', '', 'The environment variable FFMPEG_PATH is empty.'],
])('refuses %s=%s by its name', (name = '', value, message) => {
  vi.stubEnv(name, value);
  expect(readEnvironment).toThrow(new Error(message));
});
