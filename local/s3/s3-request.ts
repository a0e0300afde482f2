import type { IncomingMessage } from 'node:http';
import { S3Error } from './errors.ts';

/** A request in path style, such as `PUT /bucket/key?partNumber=1`, with everything percent-decoded. */
export class S3Request {
  /** Where the body is read from. */
  readonly message: IncomingMessage;
  readonly method: string;
  /** `/bucket/key`. */
  readonly path: string;
  /** Empty in a request to the service itself. */
  readonly bucket: string;
  /** Empty in a request to a bucket or to the service itself. */
  readonly key: string;
  /** Of the query string, in its order. */
  readonly parameters: readonly (readonly [name: string, value: string])[];

  /** @throws S3Error InvalidURI when it is not percent-encoded UTF-8 */
  constructor(message: IncomingMessage) {
    const { method = '', url = '' } = message;
    const [path, query] = cut(url, '?');
    this.message = message;
    this.method = method;
    this.path = decode(path);
    [this.bucket, this.key] = cut(this.path.slice(1), '/');
    this.parameters = query.split('&').filter(Boolean).map(parseParameter);
  }

  /** The first of that name in the query string. */
  parameter(name: string): string | undefined {
    return this.parameters.find(([each]) => each === name)?.[1];
  }

  header(name: string): string | undefined {
    const value = this.message.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  /** A header; an `x-amz-` one may also stand in the query string, which is where presigning clients put it. */
  field(name: string): string | undefined {
    return this.header(name) ?? this.parameters.find(([each]) => each.toLowerCase() === name)?.[1];
  }

  /** All fields whose name begins with `prefix`, such as `x-amz-meta-`. */
  fieldsOf(prefix: string): string[] {
    const names = [
      ...Object.keys(this.message.headers),
      ...this.parameters.map(([name]) => name.toLowerCase()),
    ];
    return [...new Set(names)].filter((name) => name.startsWith(prefix));
  }

  get isPresigned(): boolean {
    return this.parameter('X-Amz-Signature') !== undefined;
  }
}

function parseParameter(text: string): [string, string] {
  const [name, value] = cut(text, '=');
  return [decode(name), decode(value)];
}

/** What stands before the first separator, and what behind it. */
function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error('InvalidURI');
  }
}
