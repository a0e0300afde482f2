import { join } from 'node:path';
import type { Mount } from './image.ts';

/** The programs in in-image/, which run in a container. */
export const PROGRAMS = ['run-commands', 'ask-worker'] as const;

/** Each is made one file of, for the image has neither their packages nor the rest of the repository. */
export function programMount(name: (typeof PROGRAMS)[number]): Mount {
  return {
    from: join(import.meta.dirname, '../../../.build/gpu-programs', `${name}.mjs`),
    to: `/opt/${name}.mjs`,
  };
}
