import { createReadStream } from 'node:fs';
import { READ_BYTES } from '../../services/read-bytes.ts';

/** Bytes that lie somewhere and can be read from anywhere on. */
export interface ByteSource {
  /** Reads up to `end` and without it. */
  read(start: number, end: number, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/** Those of a file of this machine. */
export class FileBytes implements ByteSource {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  read(start: number, end: number, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return createReadStream(this.path, { start, end: end - 1, highWaterMark: READ_BYTES, signal });
  }
}
