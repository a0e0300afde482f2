import { READ_BYTES } from '../../services/read-bytes.ts';
import type { Answer } from './answer.ts';
import { type ByteRange, parseRange } from './byte-range.ts';
import { checksumHeaders } from './checksums.ts';
import type { DescribedFile } from './described-file.ts';
import type { ObjectRecord } from './object-record.ts';
import type { Call } from './operation.ts';
import { isNotModified, isRangeWanted } from './preconditions.ts';
import type { S3Request } from './s3-request.ts';

/** Parameters that replace what was stored with the object, such as `response-content-type`. */
export const responseOverrides = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
].map((header) => `response-${header}`);

/** GetObject, and HeadObject, which is the same without the body. */
export async function getObject({ request, storage }: Call): Promise<Answer> {
  const object = await storage.buckets.get(request.bucket).open(request.key);
  try {
    const { range, ...answer } = describe(request, object);
    if (range === undefined || request.method === 'HEAD') {
      await object.handle.close();
      return answer;
    }
    return { ...answer, body: object.handle.createReadStream({ ...range, highWaterMark: READ_BYTES }) };
  } catch (error) {
    await object.handle.close();
    throw error;
  }
}

/** @returns the bytes to send as well, unless there are none */
function describe(
  request: S3Request,
  { description, size }: DescribedFile<ObjectRecord>,
): Answer & { readonly range?: ByteRange } {
  const { etag, lastModified } = description;
  const validators = { etag, 'last-modified': new Date(lastModified).toUTCString() };
  if (isNotModified(request, description)) return { status: 304, headers: validators };
  const part = isRangeWanted(request, description) ? parseRange(request.header('range'), size) : undefined;
  const range = part ?? { start: 0, end: size - 1 };
  const isChecksumWanted = part === undefined && request.field('x-amz-checksum-mode') === 'ENABLED';
  const headers = {
    'content-type': 'binary/octet-stream',
    ...description.headers,
    ...overrides(request),
    ...validators,
    ...(isChecksumWanted ? checksumHeaders(description.checksum) : {}),
    'accept-ranges': 'bytes',
    'content-length': String(range.end - range.start + 1),
  };
  if (part !== undefined) {
    const contentRange = `bytes ${part.start}-${part.end}/${size}`;
    return { status: 206, headers: { ...headers, 'content-range': contentRange }, range };
  }
  return size === 0 ? { headers } : { headers, range };
}

function overrides(request: S3Request): Record<string, string> {
  const given = responseOverrides.flatMap((name) => {
    const value = request.parameter(name);
    return value === undefined ? [] : [[name.replace('response-', ''), value] as const];
  });
  return Object.fromEntries(given);
}
