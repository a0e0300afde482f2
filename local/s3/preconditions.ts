import { S3Error } from './errors.ts';
import type { S3Request } from './s3-request.ts';

interface Validators {
  readonly etag: string;
  /** Milliseconds, a whole second. */
  readonly lastModified: number;
}

/**
 * Decides a conditional read: https://www.rfc-editor.org/rfc/rfc9110#name-precedence-of-preconditions.
 *
 * @returns whether the client has the object already
 * @throws S3Error PreconditionFailed
 */
export function isNotModified(request: S3Request, { etag, lastModified }: Validators): boolean {
  const [match, noneMatch] = [request.header('if-match'), request.header('if-none-match')];
  const unmodifiedSince = dateOf(request.header('if-unmodified-since'));
  const modifiedSince = dateOf(request.header('if-modified-since'));
  const holds = match === undefined ? !(lastModified > unmodifiedSince) : names(match, etag);
  if (!holds) throw new S3Error('PreconditionFailed');
  return noneMatch === undefined ? lastModified <= modifiedSince : names(noneMatch, etag);
}

/** Whether `Range` counts: with `If-Range` only as long as the object is that one. */
export function isRangeWanted(request: S3Request, { etag, lastModified }: Validators): boolean {
  const validator = request.header('if-range');
  return validator === undefined || validator === etag || dateOf(validator) === lastModified;
}

/** S3 takes entity tags without their quotes too. */
function names(list: string, etag: string): boolean {
  const tags = list.split(',').map((tag) => tag.trim().replace(/^(?:W\/)?"?|"$/g, ''));
  return tags.some((tag) => tag === '*' || `"${tag}"` === etag);
}

/** @returns NaN, which is neither before nor after anything, for none */
function dateOf(header: string | undefined): number {
  return Date.parse(header ?? '');
}
