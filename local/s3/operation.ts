import type { Answer } from './answer.ts';
import type { Authorization } from './authorize.ts';
import type { Buckets } from './buckets.ts';
import type { PendingFiles } from './pending-files.ts';
import type { S3Request } from './s3-request.ts';
import type { Uploads } from './uploads.ts';

/** What lies in the data folder. */
export interface Storage {
  readonly pending: PendingFiles;
  readonly buckets: Buckets;
  readonly uploads: Uploads;
}

/** A request whose sender may do what it asks for. */
export interface Call {
  readonly request: S3Request;
  readonly authorization: Authorization;
  readonly storage: Storage;
  readonly region: string;
}

/** @throws S3Error */
export type Operation = (call: Call) => Answer | Promise<Answer>;
