import { HttpInput, type HttpInputOptions } from '../../services/http-input.ts';
import type { Origin } from './origin.ts';

/** A file of 5000 bytes. */
export const content = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251));

export const noWait = async () => {};

/** Asks for 1000 bytes first, and gives up soon. */
export const options: HttpInputOptions = {
  allowPrivateHosts: true,
  firstBytes: 1000,
  silenceTimeoutMs: 100,
  retry: { attempts: 3, wait: noWait },
};

/** Opens the path, does what a test wants with it, and closes it. */
export async function withInput<T>(
  origin: Origin,
  use: (input: HttpInput) => T | Promise<T>,
  path = '/in.mp4',
): Promise<T> {
  const input = await HttpInput.open(origin.at(path), options);
  try {
    return await use(input);
  } finally {
    input.close();
  }
}

/** The ranges that an origin was asked for. */
export const rangesOf = ({ requests }: Origin) => requests.map(({ range }) => range);
