import { S3Error } from './errors.ts';

/** Bytes of a line; no size of a chunk and no checksum is near that long. */
const lineLimit = 1024;

/** Reads lines and runs of bytes from a stream, and holds no more of it than the stream's own pieces. */
export class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /**
   * @returns what stands before the next CRLF
   * @throws S3Error IncompleteBody when there is none
   */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#held.indexOf('\r\n');
      if (end >= 0) {
        const line = this.#held.subarray(0, end).toString('latin1');
        this.#held = this.#held.subarray(end + 2);
        return line;
      }
      if (this.#held.length > lineLimit || !(await this.#fill())) throw new S3Error('IncompleteBody');
    }
  }

  /** @throws S3Error IncompleteBody when the stream ends before `size` bytes */
  async *take(size: number): AsyncGenerator<Buffer> {
    for (let left = size; left > 0; ) {
      if (this.#held.length === 0 && !(await this.#fill())) throw new S3Error('IncompleteBody');
      const bytes = this.#held.subarray(0, left);
      this.#held = this.#held.subarray(bytes.length);
      left -= bytes.length;
      yield bytes;
    }
  }

  /** @throws S3Error IncompleteBody when anything is left */
  async end(): Promise<void> {
    if (this.#held.length > 0 || (await this.#fill())) throw new S3Error('IncompleteBody');
  }

  /** Lets go of the stream, wherever it is. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  async #fill(): Promise<boolean> {
    const { done, value } = await this.#source.next();
    if (done === true) return false;
    this.#held = this.#held.length === 0 ? value : Buffer.concat([this.#held, value]);
    return true;
  }
}
