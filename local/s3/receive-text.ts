import { S3Error } from './errors.ts';
import type { Call } from './operation.ts';
import { receive } from './receive.ts';

/** Bytes of a document; a list of 10,000 parts with their checksums has half of it. */
const limit = 4 * 1024 ** 2;

/**
 * Reads a body that is a document.
 *
 * @throws S3Error EntityTooLarge, or what `receive` throws
 */
export async function receiveText({ request, authorization }: Call): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  await receive(request, authorization, (bytes) => {
    size += bytes.length;
    if (size > limit) throw new S3Error('EntityTooLarge');
    chunks.push(bytes);
  });
  return Buffer.concat(chunks).toString('utf8');
}
