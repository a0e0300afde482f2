import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { appendDescription } from './described-file.ts';

/** A file that is being written, and is nothing until it is renamed. */
export interface PendingFile {
  readonly path: string;
  write(bytes: Buffer): Promise<void>;
  /** Ends the file. */
  describe(description: unknown): Promise<void>;
}

/** The folder of what is not whole yet, or no longer wanted. */
export class PendingFiles {
  readonly #folder: string;

  /** Removes what an earlier run has left there. */
  constructor(folder: string) {
    this.#folder = folder;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }

  /** Lends a new file to `work`. Unless that has renamed it, it is gone afterwards. */
  async use<T>(work: (file: PendingFile) => Promise<T>): Promise<T> {
    const path = this.newPath();
    const handle = await open(path, 'wx');
    try {
      return await work(pendingFile(path, handle));
    } finally {
      await handle.close();
      await rm(path, { force: true });
    }
  }

  /** A name in the folder that nothing has. */
  newPath(): string {
    return join(this.#folder, randomUUID());
  }
}

function pendingFile(path: string, handle: FileHandle): PendingFile {
  return {
    path,
    write: (bytes) => handle.appendFile(bytes),
    describe: (description) => appendDescription(handle, description),
  };
}
