import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const reporters = ['default', './test/support/count-reporter.ts'];

/** What runs in containers, by `npm run test:image`. */
const IN_IMAGE = ['test/image/**/*.test.ts', 'test/gpu/**/*.test.ts'];

/** Whole jobs, whole syntheses, and what makes media or gigabytes: left out of `npm run check`. */
const SLOW = [
  'test/end-to-end/**/*.test.ts',
  'test/chaos/**/*.test.ts',
  'test/local/chaos/**/*.test.ts',
  'test/hostile/**/*.test.ts',
  'test/properties/**/*.test.ts',
  'test/support/**/*.test.ts',
  'test/local/s3/memory.test.ts',
  'test/local/simulation/documents.test.ts',
  'test/lib/synth.test.ts',
  'test/lib/nag.test.ts',
  'test/lib/stack.test.ts',
  'test/services/input-probe.test.ts',
  'test/scripts/install.test.ts',
  'test/scripts/build-cloud.test.ts',
  'test/services/destination/upload.test.ts',
  'test/local/s3/multipart.test.ts',
];

export default defineConfig({
  test: {
    reporters,
    // Tests wait more than they compute, and vitest would leave one processor of two idle.
    maxWorkers: availableParallelism() + 1,
    // The SDK warns of Node 20, which is nothing that a test can act on.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...SLOW, ...IN_IMAGE],
          setupFiles: ['test/support/quiet-log.ts'],
          globalSetup: ['test/lib/support/build.ts'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'end-to-end',
          include: SLOW,
          globalSetup: ['test/end-to-end/support/build.ts', 'test/lib/support/build.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'image',
          include: IN_IMAGE,
          globalSetup: [
            'test/end-to-end/support/build.ts',
            'test/image/support/build.ts',
            'test/gpu/support/build.ts',
          ],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
