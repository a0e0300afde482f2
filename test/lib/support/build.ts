import { execFileSync } from 'node:child_process';

/** Builds what the stack deploys, before the first test. */
export function setup(): void {
  execFileSync(process.execPath, ['scripts/build-cloud.mjs'], { stdio: 'inherit' });
}
