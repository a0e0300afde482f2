// Builds what runs on a laptop.
import { join } from 'node:path';
import { buildDir, bundleProgram, bundleScript } from './bundle.mjs';

await Promise.all([
  bundleScript('local/main.ts', 'local.mjs'),
  bundleScript('local/s3/process.ts', 's3.mjs'),
  bundleScript('local/demo/main.ts', 'demo.mjs'),
  bundleScript('local/chaos/main.ts', 'chaos.mjs'),
  bundleScript('local/simulation/main.ts', 'simulate.mjs'),
  bundleScript('local/bench/main.ts', 'bench.mjs'),
  bundleScript('local/bench/range-server-process.ts', 'bench-server.mjs'),
  bundleScript('local/bench/reader-process.ts', 'bench-reader.mjs'),
  bundleScript('local/bench/create-process.ts', 'bench-create.mjs'),
  bundleScript('local/calibrate/main.ts', 'calibrate.mjs'),
  bundleProgram('batch-image/worker/main.ts', join(buildDir, 'worker.mjs')),
]);
