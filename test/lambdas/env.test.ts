import { afterEach, expect, it, vi } from 'vitest';
import { env } from '../../lambdas/env.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

it('reads a variable', () => {
  vi.stubEnv('TABLE_NAME', 'jobs');
  expect(env('tableName')).toBe('jobs');
});

it.each([
  [undefined, false],
  ['false', false],
  ['true', true],
])('lets private hosts be reached with %s: %s', (value, expected) => {
  vi.stubEnv('ALLOW_PRIVATE_HOSTS', value);
  expect(env('allowPrivateHosts')).toBe(expected);
});

it.each([
  ['tableName', 'TABLE_NAME', undefined],
  ['jobQueue', 'JOB_QUEUE', ''],
  ['allowPrivateHosts', 'ALLOW_PRIVATE_HOSTS', 'yes'],
] as const)('refuses %s without a valid %s', (name, variable, value) => {
  vi.stubEnv(variable, value);
  expect(() => env(name)).toThrow(`The environment variable ${variable} `);
});
