import { type Ended, runInImage } from '../../image/support/image.ts';

/** A file or folder of this machine that is to be seen in a container, where it cannot be written. */
export interface Mount {
  readonly from: string;
  readonly to: string;
}

export interface ImageOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly mounts?: readonly Mount[];
}

/** Runs a program with its arguments in a container of the worker's image. Its folder `/scratch` can be written. */
export function inImage(
  [program, ...args]: readonly [program: string, ...string[]],
  { env = {}, mounts = [] }: ImageOptions = {},
): Promise<Ended> {
  return runInImage(program, args, [
    ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...mounts.flatMap(({ from, to }) => ['--volume', `${from}:${to}:ro`]),
  ]);
}
