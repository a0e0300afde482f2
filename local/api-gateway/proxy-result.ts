import { type ServerResponse, validateHeaderName, validateHeaderValue } from 'node:http';
import * as v from 'valibot';

/** A function's result in the form in which it is sent. */
export interface ProxyResult {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: Map<string, string[]>;
  readonly body: Buffer;
}

const headerValue = v.union([v.string(), v.number(), v.boolean()]);
const resultSchema = v.strictObject({
  statusCode: v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599)),
  headers: v.nullish(v.record(v.string(), headerValue)),
  multiValueHeaders: v.nullish(v.record(v.string(), v.array(headerValue))),
  body: v.nullish(v.string(), ''),
  isBase64Encoded: v.optional(v.boolean(), false),
});

/** The gateway sets them by itself. */
const ownHeaders = ['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'x-amzn-requestid'];

/**
 * Reads what a function answers. Of a header in both `headers` and `multiValueHeaders` the latter counts.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format
 *
 * @throws Error when it is malformed
 */
export function parseResult(result: unknown): ProxyResult {
  const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = v.parse(resultSchema, result);
  const all = new Map([['content-type', ['application/json']]]);
  for (const [name, value] of Object.entries(headers ?? {})) all.set(name.toLowerCase(), [String(value)]);
  for (const [name, values] of Object.entries(multiValueHeaders ?? {}))
    all.set(name.toLowerCase(), values.map(String));
  for (const name of ownHeaders) all.delete(name);
  for (const [name, values] of all) {
    validateHeaderName(name);
    for (const value of values) validateHeaderValue(name, value);
  }
  return { status: statusCode, headers: all, body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8') };
}

export function sendResult(response: ServerResponse, { status, headers, body }: ProxyResult): void {
  response.statusCode = status;
  response.setHeaders(headers);
  response.end(body);
}
