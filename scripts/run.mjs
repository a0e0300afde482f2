// node scripts/run.mjs ENTRY [ARGUMENT ...]: builds the local service's parts and runs one of them.
import { stop } from 'esbuild';
import { buildFile } from './build.mjs';

const [entry, ...rest] = process.argv.slice(2);
const [main] = await Promise.all([
  buildFile(entry, `${entry.replace(/\.ts$/, '').replaceAll('/', '-')}.mjs`),
  buildFile('batch-image/worker/main.ts', 'worker.mjs', { isAlone: true }),
]);
// esbuild's process would live as long as this one.
await stop();
process.argv = [process.argv[0], main, ...rest];
process.setSourceMapsEnabled(true);
await import(main);
