// Builds what is deployed to AWS: the Lambda functions, the folder that the worker's image is made of, and the constructs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildDir, bundleFunction, bundleProgram, bundleScript, replaceFile, root } from './bundle.mjs';

export const FUNCTIONS = [
  'create-job',
  'get-job',
  'list-jobs',
  'cancel-job',
  'redeliver-callback',
  'plan-job',
  'submit-job',
  'settle-job',
  'deliver-callback',
  'reconcile-jobs',
];

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

if (process.argv[1] === import.meta.filename) {
  // The constructs are for other people's apps, which may be in JavaScript.
  await Promise.all([buildFunctions(), buildImageContext(), bundleScript('lib/index.ts', 'cdk.mjs')]);
}
