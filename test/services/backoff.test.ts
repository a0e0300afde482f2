import { afterEach, expect, it, vi } from 'vitest';
import { exponentialBackoff } from '../../services/backoff.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

it('says how often to try', () => {
  expect(exponentialBackoff({ attempts: 4 }).attempts).toBe(4);
});

it('ends', async () => {
  await expect(exponentialBackoff({ attempts: 3, baseMs: 1 }).wait(3)).resolves.toBeUndefined();
});

it.each(['before', 'during'])(
  'ends at once with the reason of a signal that is aborted %s the wait',
  async (when) => {
    const abort = new AbortController();
    const reason = new Error('enough');
    if (when === 'before') abort.abort(reason);
    const waiting = exponentialBackoff({ attempts: 3, baseMs: 3_600_000, maxMs: 3_600_000 }).wait(
      1,
      abort.signal,
    );
    abort.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  },
);
