import * as v from 'valibot';

/** A string that passes `holds`, else `message`. */
function text(message: string, holds: (value: string) => boolean) {
  return v.pipe(v.string(message), v.check(holds, message));
}

/**
 * An integer, or a string that spells one (the original API's clients send `"5000"`).
 *
 * @returns the number
 */
export function integer(min: number, max: number, unit = '') {
  const message = `must be a whole number from ${min} to ${max}${unit === '' ? '' : ` ${unit}`}`;
  return v.pipe(
    v.union([v.number(), v.string()], message),
    v.transform(toNumber),
    v.check((value) => Number.isInteger(value) && value >= min && value <= max, message),
  );
}

/** Decimal digits alone: `Number` would also take `''`, `0x10` and `5e3`. */
function toNumber(value: number | string): number {
  return typeof value === 'number' || /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : Number.NaN;
}

/** An object with the given keys. */
export function object<const T extends v.ObjectEntries>(entries: T, message: string) {
  return notArray(v.object(entries, message));
}

/** Refuses arrays, which valibot takes for objects and records. */
export function notArray<S extends v.GenericSchema>(schema: S): S {
  return {
    ...schema,
    '~run': (dataset, config) =>
      schema['~run'](Array.isArray(dataset.value) ? { ...dataset, value: null } : dataset, config),
  };
}

/** One of a few words. */
export function oneOf<const T extends readonly [string, ...string[]]>(words: T) {
  return v.picklist(words, `must be ${alternatives(words)}`);
}

/** `a, b or c` */
export function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** A URL over http(s). A user name or password in it is refused: it would be shown wherever the URL is. */
export const httpUrl = v.pipe(
  text('must be a URL that starts with http:// or https://', isHttpUrl),
  v.maxLength(8192, 'must be at most 8192 characters long'),
  v.check(
    (value) => !isHttpUrl(value) || (new URL(value).username === '' && new URL(value).password === ''),
    'must not hold a user name or password; use a presigned URL instead',
  ),
);

function isHttpUrl(value: string): boolean {
  return /^https?:\/\//i.test(value) && URL.canParse(value);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const bucketName = text(
  'must be an S3 bucket name: 3 to 63 lower-case letters, digits, hyphens and single dots, not an IP address',
  (value) =>
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(value) &&
    !value.includes('..') &&
    !/^\d+(\.\d+){3}$/.test(value),
);

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html: 1 to 1,024 bytes of UTF-8, which half a surrogate
 * pair has no form in.
 */
export const objectKey = text(
  'must be an S3 key of 1 to 1024 bytes of UTF-8 that does not start with a slash',
  (value) => {
    const bytes = new TextEncoder().encode(value).length;
    return bytes >= 1 && bytes <= 1024 && !value.startsWith('/') && !/\p{Surrogate}/u.test(value);
  },
);

/** An AWS region's code, or what S3-compatible stores have in its place: R2's `auto`, B2's `us-west-004`. */
export const region = text(
  'must be an AWS region such as us-east-1',
  (value) => value === 'auto' || /^[a-z]{2,4}(-[a-z]+){1,3}-\d{1,3}$/.test(value),
);

/** Text that an HTTP header can carry, as keys, tokens and cache rules must: not empty, at most `max` characters long. */
export function headerText(max: number) {
  return text(
    `must be 1 to ${max} printable ASCII characters without spaces at either end`,
    (value) => value.length <= max && /^[!-~]([ -~]*[!-~])?$/.test(value),
  );
}

/** The part of a URL that may be shown: without its query and fragment, which hold signatures and tokens. */
export function urlWithoutSecrets(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

/**
 * A Standard Webhooks secret: base64 of 24 to 64 bytes, usually behind `whsec_`.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#symmetric
 */
export const webhookSecret = text(
  'must be a Standard Webhooks secret: base64 of 24 to 64 random bytes, with or without whsec_ in front',
  (value) => {
    const base64 = value.replace(/^whsec_/, '');
    const isBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(base64);
    const bytes = (base64.replace(/=+$/, '').length * 3) / 4;
    return isBase64 && Math.floor(bytes) >= 24 && Math.floor(bytes) <= 64;
  },
);
