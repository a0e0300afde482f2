import { S3Client } from '@aws-sdk/client-s3';
import type { Credentials, Destination } from '../../domain/request/destination.ts';

/** A client for a user's bucket, with the user's own credentials. It must be destroyed when it is no longer needed. */
export function destinationClient(destination: Destination, credentials: Credentials): S3Client {
  const { region, endpoint, path_style } = destination;
  return new S3Client({
    region,
    ...(endpoint !== undefined && { endpoint }),
    ...(path_style !== undefined && { forcePathStyle: path_style }),
    credentials: {
      accessKeyId: credentials.access_key_id,
      secretAccessKey: credentials.secret_access_key,
      ...(credentials.session_token !== undefined && { sessionToken: credentials.session_token }),
    },
    // S3-compatible stores do not all know the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}
