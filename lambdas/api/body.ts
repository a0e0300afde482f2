import type { APIGatewayProxyEvent } from 'aws-lambda';
import { OctetError } from '../../domain/errors.ts';

/** Jobs of 20 outputs with long keys stay far below it, and a stored job below DynamoDB's 400 kB an item. */
const MAX_BODY_BYTES = 256 * 1024;

/**
 * The body of a request as text.
 *
 * @throws OctetError `body_too_large`
 */
export function bodyOf({ body, isBase64Encoded }: APIGatewayProxyEvent): string {
  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > MAX_BODY_BYTES) {
    const message = `The body has ${bytes.length} bytes and may have ${MAX_BODY_BYTES}; send fewer outputs in one job.`;
    throw new OctetError('body_too_large', message);
  }
  return bytes.toString('utf8');
}
