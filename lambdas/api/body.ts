import type { APIGatewayProxyEvent } from 'aws-lambda';
import { OctetError } from '../../domain/errors.ts';

/** No valid job comes near it, and a stored job stays below DynamoDB's 400 kB an item. */
const MAX_BODY_BYTES = 256 * 1024;

/**
 * The body of a request as text.
 *
 * @throws OctetError `body_too_large`
 */
export function bodyOf({ body, isBase64Encoded }: APIGatewayProxyEvent): string {
  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > MAX_BODY_BYTES) {
    const message = `The body has ${bytes.length} bytes and may have ${MAX_BODY_BYTES}; send nothing beside the job's fields.`;
    throw new OctetError('body_too_large', message);
  }
  return bytes.toString('utf8');
}
