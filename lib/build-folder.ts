import { fileURLToPath } from 'node:url';

/** What `scripts/build-cloud.mjs` makes: the functions' and the worker's code. */
export const BUILD_FOLDER = fileURLToPath(new URL('../.build/', import.meta.url));
