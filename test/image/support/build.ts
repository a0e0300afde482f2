import { execFileSync } from 'node:child_process';
import { findEngine, NO_ENGINE } from '../../../scripts/container-engine.mjs';

/** Builds the image before the first test, and says loudly where nothing can build one. */
export function setup(): void {
  if (findEngine() !== undefined) {
    execFileSync(process.execPath, ['scripts/image.mjs'], { stdio: ['ignore', 'ignore', 'inherit'] });
    return;
  }
  if (process.env.CI) throw new Error(NO_ENGINE);
  console.error(`\n*** EVERY TEST OF THE IMAGE IS SKIPPED. ${NO_ENGINE} ***\n`);
  process.env.OCTET_TESTS_WITHOUT_IMAGE = 'true';
}
