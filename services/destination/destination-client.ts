import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { Credentials, Destination } from '../../domain/request/destination.ts';
import { assertAllowedUrl, guardedLookup, type ResolverOptions } from '../address-guard.ts';
import { ONE_CONNECTION_POOL } from '../put-file.ts';
import { destinationError } from './destination-errors.ts';

/** Milliseconds for a connection, and for each silence on it. */
const TIMEOUTS = { connectionTimeout: 5000, socketTimeout: 60_000 };

export interface DestinationClientOptions extends ResolverOptions {
  /** How often each request is sent before it counts as failed. @default 3 */
  readonly attempts?: number;
}

/**
 * A client for a user's bucket, with the user's own credentials. It must be destroyed when it is no longer needed.
 *
 * @throws OctetError `destination_denied` for an endpoint at a private address
 */
export function destinationClient(
  destination: Destination,
  credentials: Credentials,
  { attempts = 3, ...addresses }: DestinationClientOptions,
): S3Client {
  const { region, endpoint, path_style } = destination;
  return new S3Client({
    region,
    maxAttempts: attempts,
    requestHandler: TIMEOUTS,
    ...(endpoint !== undefined && guardedEndpoint(endpoint, destination, addresses)),
    ...(path_style !== undefined && { forcePathStyle: path_style }),
    credentials: {
      accessKeyId: credentials.access_key_id,
      secretAccessKey: credentials.secret_access_key,
      ...(credentials.session_token !== undefined && { sessionToken: credentials.session_token }),
    },
    // S3-compatible stores do not all know the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    ...ONE_CONNECTION_POOL,
  });
}

/** AWS's own endpoints may well be private ones, of a VPC; a user's may not, nor the bucket's name below it. */
function guardedEndpoint(
  endpoint: string,
  destination: Destination,
  addresses: ResolverOptions,
): Pick<S3ClientConfig, 'endpoint' | 'requestHandler'> {
  try {
    assertAllowedUrl(endpoint, addresses);
  } catch (error) {
    throw destinationError(error, destination);
  }
  const agent = { lookup: guardedLookup(addresses) };
  return { endpoint, requestHandler: { ...TIMEOUTS, httpAgent: agent, httpsAgent: agent } };
}
