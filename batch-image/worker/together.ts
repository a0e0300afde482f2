import { setMaxListeners } from 'node:events';

/**
 * Waits for several works that go on at the same time. When one fails, the others are ended. Either way none of them goes on
 * when this returns.
 *
 * @param signal ends all of them
 * @param begin starts them with a signal that also ends each when another one fails
 * @throws what the first of them throws that fails
 */
export async function together<T extends readonly unknown[]>(
  signal: AbortSignal,
  begin: (signal: AbortSignal) => { [Key in keyof T]: Promise<T[Key]> },
): Promise<T> {
  const failing = new AbortController();
  const ending = AbortSignal.any([signal, failing.signal]);
  // There is no telling how many listen to it.
  setMaxListeners(0, ending);
  const works = begin(ending);
  for (const work of works) work.catch((error: unknown) => failing.abort(error));
  await Promise.allSettled(works);
  failing.signal.throwIfAborted();
  return (await Promise.all(works)) as unknown as T;
}
