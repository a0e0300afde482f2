import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFfmpeg } from '../../../local/ffmpeg.ts';

/**
 * An ffmpeg that writes down which parts it is asked to encode. It can be told to hang: once before a part is encoded, or
 * whenever it checks an output.
 */
export class CountedFfmpeg {
  /** Has a service use it. */
  readonly environment: NodeJS.ProcessEnv;
  readonly #folder = mkdtempSync(join(tmpdir(), 'octet-ffmpeg-'));
  readonly #log = join(this.#folder, 'encodes');
  readonly #held = join(this.#folder, 'checks-are-held');

  constructor() {
    const { ffmpeg, ffprobe } = findFfmpeg(process.env);
    this.environment = { FFMPEG_PATH: this.path, FFPROBE_PATH: ffprobe };
    // A host is examined by its version and with a source of lavfi's; what is left then are checks of outputs.
    const script = `#!/bin/sh
case "$*" in
*-progress*)
  start=$(echo "$*" | sed -n 's/.*trim=start=\\([0-9.]*\\).*/\\1/p')
  echo "\${start:-0}" >> ${this.#log}
  if rm ${this.#folder}/lost-\${start:-0} 2>/dev/null; then exec sleep 600; fi ;;
*lavfi* | *-version*) ;;
*) while [ -e ${this.#held} ]; do sleep 0.05; done ;;
esac
exec ${ffmpeg} "$@"
`;
    writeFileSync(this.#log, '');
    writeFileSync(this.path, script, { mode: 0o755 });
  }

  get path(): string {
    return join(this.#folder, 'ffmpeg');
  }

  /** The starts of the parts that were begun to be encoded, in seconds and in order of time. */
  get encodes(): number[] {
    return readFileSync(this.#log, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map(Number)
      .sort((a, b) => a - b);
  }

  /** Has the next encode of a part hang for ever. @param start of the part, in seconds */
  loseOnce(start: number): void {
    writeFileSync(join(this.#folder, `lost-${start === 0 ? '0' : start.toFixed(6)}`), '');
  }

  holdChecks(): void {
    writeFileSync(this.#held, '');
  }

  releaseChecks(): void {
    rmSync(this.#held);
  }

  /** Forgets what was encoded. */
  reset(): void {
    writeFileSync(this.#log, '');
    if (existsSync(this.#held)) this.releaseChecks();
  }

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
