import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { WORKER_NODE_FLAGS } from '../../domain/environment.ts';

it('starts the worker in the image as it is started elsewhere', () => {
  const [, entrypoint = ''] = /^ENTRYPOINT (.+)$/m.exec(readFileSync('batch-image/Dockerfile', 'utf8')) ?? [];
  expect(JSON.parse(entrypoint)).toEqual(['node', ...WORKER_NODE_FLAGS, '/opt/octet/worker.mjs']);
});
