import { displayUrl, InputError } from './input-errors.ts';
import type { RangeAnswer } from './range-client.ts';

/** What tells that two answers are parts of one and the same file. */
export interface InputIdentity {
  readonly size: number;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
}

export interface ContentRange {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
  /** Size of the whole file, undefined where the server does not tell (`*`). */
  readonly total: number | undefined;
}

/** Parses `bytes 0-99/1234`. */
export function parseContentRange(header: string | undefined): ContentRange | undefined {
  const [, start, end, total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/i.exec(header?.trim() ?? '') ?? [];
  if (start === undefined || end === undefined || Number(end) < Number(start)) return undefined;
  return { start: Number(start), end: Number(end), total: total === '*' ? undefined : Number(total) };
}

/**
 * The request headers that make a server refuse once the file has changed. `If-Match` compares strongly, so a weak ETag
 * would never match: https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1
 */
export function conditionsFor({ etag, lastModified }: InputIdentity): Record<string, string> {
  if (etag !== undefined && !etag.startsWith('W/')) return { 'if-match': etag };
  return lastModified === undefined ? {} : { 'if-unmodified-since': lastModified };
}

/**
 * Checks that an answer holds bytes of the known file from the asked offset on. It may hold fewer than were asked for.
 *
 * @throws InputError `input_changed`, or `input_no_range_support` when the server has stopped to answer ranges
 */
export function assertSameFile(answer: RangeAnswer, identity: InputIdentity, start: number): void {
  const range = parseContentRange(answer.header('content-range'));
  if (isOtherFile(answer, identity) || (range?.total !== undefined && range.total !== identity.size)) {
    const message = `${displayUrl(answer.url)} changed while it was read: send the job again once the file stays as it is.`;
    throw new InputError('input_changed', message);
  }
  if (answer.status !== 206 || range?.start !== start) throw noRangeSupport(answer.url);
}

/** The error for a server that answers a range with anything else than that range. */
export function noRangeSupport(url: URL): InputError {
  return new InputError(
    'input_no_range_support',
    `${displayUrl(url)} does not answer range requests (206 with Content-Range): put the file on a server that supports them, such as S3.`,
  );
}

function isOtherFile(answer: RangeAnswer, { etag, lastModified }: InputIdentity): boolean {
  if (answer.status === 412 || answer.status === 416) return true;
  const etagNow = answer.header('etag');
  if (etag !== undefined && etagNow !== undefined) return etagNow !== etag;
  const lastModifiedNow = answer.header('last-modified');
  return lastModified !== undefined && lastModifiedNow !== undefined && lastModifiedNow !== lastModified;
}
