import { expect, it } from 'vitest';
import { together } from '../../../batch-image/worker/together.ts';

/** Ends when it is told to, and says so. */
function untilAborted(signal: AbortSignal, ended: string[], name: string): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      ended.push(name);
      reject(signal.reason);
    });
  });
}

const { signal } = new AbortController();

it('gives what each work comes to, in order', async () => {
  const results = await together<[string, number]>(signal, () => [Promise.resolve('a'), Promise.resolve(2)]);
  expect(results).toEqual(['a', 2]);
});

it('ends the others when one fails, waits for them, and throws what that one did', async () => {
  const ended: string[] = [];
  const failing = together(signal, (either) => [
    untilAborted(either, ended, 'a'),
    Promise.reject(new Error('b failed')),
    untilAborted(either, ended, 'c'),
  ]);
  await expect(failing).rejects.toThrow('b failed');
  expect(ended).toEqual(['a', 'c']);
});

it('ends all of them when it is told to', async () => {
  const ended: string[] = [];
  const stopping = new AbortController();
  const stopped = together(stopping.signal, (either) => [untilAborted(either, ended, 'a')]);
  stopping.abort(new Error('enough'));
  await expect(stopped).rejects.toThrow('enough');
  expect(ended).toEqual(['a']);
});
