import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Bundles the worker with all that it imports into one file.
 *
 * @param outfile a path that ends with `.mjs`
 */
export async function bundleWorker(outfile: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL('worker/main.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    // Packages in CommonJS, such as undici, call require for Node's own modules.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
}
