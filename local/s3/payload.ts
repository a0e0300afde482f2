import type { Authorization } from './authorize.ts';
import { AwsChunkedBody } from './aws-chunked.ts';
import { ChunkSignatures } from './chunk-signatures.ts';
import { S3Error } from './errors.ts';
import type { S3Request } from './s3-request.ts';

/** A request's body without its encoding. */
export interface Payload {
  readonly content: AsyncIterable<Buffer>;
  /** Bytes that the content must have. */
  readonly length: number;
  /** By lower-case name; there once the content has been read. */
  readonly trailers: ReadonlyMap<string, string>;
}

/** Bytes of one PutObject or UploadPart: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html. */
const sizeLimit = 5 * 1024 ** 3;

/** The values of `x-amz-content-sha256` that mean `aws-chunked`, and whether the chunks are signed. */
const chunkedPayloads: ReadonlyMap<string, boolean> = new Map([
  ['STREAMING-UNSIGNED-PAYLOAD-TRAILER', false],
  ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD', true],
  ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', true],
]);

/** @throws S3Error MissingContentLength, EntityTooLarge, or InvalidArgument for an unknown `x-amz-content-sha256` */
export function openPayload(request: S3Request, authorization: Authorization): Payload {
  // Leaving a loop over the message itself would cut the connection before the client has heard why.
  const raw: AsyncIterable<Buffer> = request.message.iterator({ destroyOnReturn: false });
  const isSigned = chunkedPayloads.get(authorization.payloadHash);
  if (isSigned === undefined) return openPlain(request, authorization, raw);
  const content = new AwsChunkedBody(raw, isSigned ? new ChunkSignatures(authorization) : undefined);
  return {
    content,
    length: parseLength(request.field('x-amz-decoded-content-length')),
    trailers: content.trailers,
  };
}

function openPlain(
  request: S3Request,
  { payloadHash }: Authorization,
  content: AsyncIterable<Buffer>,
): Payload {
  if (!/^(UNSIGNED-PAYLOAD|[\da-f]{64})$/.test(payloadHash))
    throw new S3Error(
      'InvalidArgument',
      'x-amz-content-sha256 must be a SHA-256 or one of the options of S3.',
    );
  const hasNone = request.header('transfer-encoding') === undefined;
  const length = request.header('content-length') ?? (hasNone ? '0' : undefined);
  return { content, length: parseLength(length), trailers: new Map() };
}

function parseLength(text: string | undefined): number {
  if (text === undefined || !/^\d+$/.test(text)) throw new S3Error('MissingContentLength');
  if (Number(text) > sizeLimit) throw new S3Error('EntityTooLarge');
  return Number(text);
}
