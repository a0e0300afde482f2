import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** Never ends by itself. */
export const forever = 'setInterval(() => {}, 1000)';

/** Makes programs that stand in for ffmpeg; they are gone after the test. */
export function usePrograms(): (code: string) => string {
  let folder: string;
  let count = 0;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'octet-programs-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  return (code) => {
    const path = join(folder, `program-${count++}`);
    writeFileSync(path, `#!${process.execPath}\nconst [first] = process.argv.slice(2);\n${code}\n`, {
      mode: 0o755,
    });
    return path;
  };
}
