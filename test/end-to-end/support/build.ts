import { execFileSync } from 'node:child_process';

/** Builds what the tests start, before the first of them. */
export function setup(): void {
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
}
