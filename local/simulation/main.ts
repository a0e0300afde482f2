import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DOCUMENT, documentsOf, sectionOf } from './documents.ts';
import { readOptions, type SimulationOptions, USAGE } from './options.ts';
import { type Results, simulateAll } from './results.ts';

/** Built into a folder of the repository. */
const inRepository = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

function run({ seed, json, docs }: SimulationOptions): void {
  const results = simulateAll(seed);
  if (docs) writeDocuments(results);
  if (json) console.log(JSON.stringify(results));
  else console.log(sectionOf(results));
}

function writeDocuments(results: Results): void {
  const document = readFileSync(inRepository(DOCUMENT), 'utf8');
  for (const [path, text] of Object.entries(documentsOf(results, document))) {
    mkdirSync(dirname(inRepository(path)), { recursive: true });
    writeFileSync(inRepository(path), text);
  }
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) console.log(USAGE);
  else run(options);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
