// Builds what is deployed to AWS: the Lambda functions, and the folder that the worker's image is made of.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildDir, bundleFunction, bundleProgram, replaceFile, root } from './bundle.mjs';

export const FUNCTIONS = ['create-job', 'get-job', 'settle-job', 'deliver-callback'];

/** @returns each function's sizes in bytes, by its name */
export async function buildFunctions() {
  return Object.fromEntries(
    await Promise.all(FUNCTIONS.map(async (name) => [name, await bundleFunction(name)])),
  );
}

export async function buildImageContext() {
  const context = join(buildDir, 'image');
  replaceFile(join(context, 'Dockerfile'), readFileSync(join(root, 'batch-image/Dockerfile')));
  await bundleProgram('batch-image/worker/main.ts', join(context, 'worker.mjs'));
}

if (process.argv[1] === import.meta.filename) await Promise.all([buildFunctions(), buildImageContext()]);
