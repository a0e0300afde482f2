import { ByteReader } from './byte-reader.ts';
import type { ChunkSignatures } from './chunk-signatures.ts';
import { S3Error } from './errors.ts';

/** Bytes that every chunk but the last must have. */
const minimumChunkSize = 8192;

/**
 * The content of a body in `aws-chunked` encoding, read as it comes:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html.
 *
 * @throws S3Error IncompleteBody, InvalidChunkSizeError, MalformedTrailerError or SignatureDoesNotMatch, while it is read
 */
export class AwsChunkedBody implements AsyncIterable<Buffer> {
  /** By lower-case name; there once the body has been read. */
  readonly trailers = new Map<string, string>();
  readonly #reader: ByteReader;
  readonly #signatures: ChunkSignatures | undefined;

  /** @param signatures of the chunks, when they have any */
  constructor(source: AsyncIterable<Buffer>, signatures?: ChunkSignatures) {
    this.#reader = new ByteReader(source);
    this.#signatures = signatures;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    try {
      yield* this.#readChunks();
      await this.#readTrailers();
      await this.#reader.end();
    } finally {
      await this.#reader.close();
    }
  }

  async *#readChunks(): AsyncGenerator<Buffer> {
    for (let before = minimumChunkSize; ; ) {
      const { size, signature } = parseChunkHeader(await this.#reader.line());
      if (size > 0 && before < minimumChunkSize) throw new S3Error('InvalidChunkSizeError');
      for await (const bytes of this.#reader.take(size)) {
        this.#signatures?.update(bytes);
        yield bytes;
      }
      this.#signatures?.endChunk(signature);
      if (size === 0) return;
      if ((await this.#reader.line()) !== '') throw new S3Error('IncompleteBody');
      before = size;
    }
  }

  async #readTrailers(): Promise<void> {
    const lines: string[] = [];
    let signature: string | undefined;
    for (let line = await this.#reader.line(); line !== ''; line = await this.#reader.line()) {
      const [, name = '', value = ''] = /^([\w-]+):\s*(.*?)\s*$/.exec(line) ?? [];
      if (name === '') throw new S3Error('MalformedTrailerError');
      if (name === 'x-amz-trailer-signature') {
        signature = value;
        continue;
      }
      lines.push(`${name.toLowerCase()}:${value}`);
      this.trailers.set(name.toLowerCase(), value);
    }
    if (lines.length > 0) this.#signatures?.endTrailers(lines, signature);
  }
}

/** `10000;chunk-signature=...`: the size in hex, and the signature of a signed chunk. */
function parseChunkHeader(line: string): { size: number; signature: string | undefined } {
  const [, size, signature] = /^([\da-f]{1,12})(?:;chunk-signature=([\da-f]{64}))?$/i.exec(line) ?? [];
  if (size === undefined) throw new S3Error('IncompleteBody');
  return { size: Number.parseInt(size, 16), signature };
}
