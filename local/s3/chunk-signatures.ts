import { createHash } from 'node:crypto';
import type { Authorization } from './authorize.ts';
import { checkSignature } from './authorize.ts';
import { sha256, signText } from './sigv4.ts';

/**
 * Checks a body whose chunks are signed, each over the signature before it, the first over the request's:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and sigv4-streaming-trailers.html.
 */
export class ChunkSignatures {
  readonly #authorization: Authorization;
  #previous: string;
  #hash = createHash('sha256');

  constructor(authorization: Authorization) {
    this.#authorization = authorization;
    this.#previous = authorization.signature;
  }

  /** Takes bytes of the current chunk. */
  update(bytes: Buffer): void {
    this.#hash.update(bytes);
  }

  /** @throws S3Error SignatureDoesNotMatch */
  endChunk(signature: string | undefined): void {
    this.#check('AWS4-HMAC-SHA256-PAYLOAD', [sha256(''), this.#hash.digest('hex')], signature);
    this.#hash = createHash('sha256');
  }

  /**
   * @param lines such as `x-amz-checksum-crc32:AAAAAA==`
   * @throws S3Error SignatureDoesNotMatch
   */
  endTrailers(lines: readonly string[], signature: string | undefined): void {
    const text = lines.map((line) => `${line}\n`).join('');
    this.#check('AWS4-HMAC-SHA256-TRAILER', [sha256(text)], signature);
  }

  #check(kind: string, lines: readonly string[], signature: string | undefined): void {
    const right = signText(this.#authorization.context, kind, [this.#previous, ...lines]);
    checkSignature(signature, right);
    this.#previous = right;
  }
}
