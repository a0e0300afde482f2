import { afterEach, expect, it, vi } from 'vitest';
import { readLocalEnvironment } from '../../local/env.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

it.each([
  [undefined, undefined],
  ['', undefined],
  ['alice', { alice: 'alice' }],
  ['alice, bob,', { alice: 'alice', bob: 'bob' }],
])('asks with OCTET_LOCAL_API_KEYS=%s for the keys %j', (value, keys) => {
  vi.stubEnv('OCTET_LOCAL_API_KEYS', value);
  const { apiKeys } = readLocalEnvironment();
  expect(apiKeys && Object.fromEntries(apiKeys)).toEqual(keys);
});

it('runs as many jobs at once as it is told', () => {
  vi.stubEnv('OCTET_LOCAL_WORKERS', '7');
  expect(readLocalEnvironment().workers).toBe(7);
  vi.stubEnv('OCTET_LOCAL_WORKERS', undefined);
  expect(readLocalEnvironment().workers).toBeGreaterThanOrEqual(1);
});

it.each([
  ['0', 'must be at least 1'],
  ['1.5', 'must be a whole number'],
  ['many', 'must be a whole number'],
])('refuses OCTET_LOCAL_WORKERS=%s: it %s', (value, problem) => {
  vi.stubEnv('OCTET_LOCAL_WORKERS', value);
  expect(readLocalEnvironment).toThrow(new Error(`OCTET_LOCAL_WORKERS ${problem}.`));
});

it('leaves nothing to workers but where programs and libraries are', () => {
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  expect(Object.keys(readLocalEnvironment().inherited)).toEqual(['PATH', 'LD_LIBRARY_PATH']);
});
