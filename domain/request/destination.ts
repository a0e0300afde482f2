import * as v from 'valibot';
import { bucketName, headerText, httpUrl, object, oneOf, region } from './fields.ts';

/** S3's storage classes that an object can be written to: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
const STORAGE_CLASSES = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
] as const;

/** S3's canned ACLs: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl */
const CANNED_ACLS = [
  'private',
  'public-read',
  'public-read-write',
  'authenticated-read',
  'aws-exec-read',
  'bucket-owner-read',
  'bucket-owner-full-control',
] as const;

/** Long-lived or temporary keys, used for the upload alone. */
export const credentialsSchema = object(
  {
    access_key_id: headerText(128),
    secret_access_key: headerText(1024),
    session_token: v.optional(headerText(4096)),
  },
  'must be an object with access_key_id and secret_access_key',
);

const place = {
  provider: oneOf(['s3']),
  region: v.optional(region, 'us-east-1'),
  bucket: bucketName,
  endpoint: v.optional(httpUrl),
  path_style: v.optional(v.boolean('must be true or false')),
  storage_class: v.optional(oneOf(STORAGE_CLASSES)),
  cache_control: v.optional(headerText(1024)),
  acl: v.optional(oneOf(CANNED_ACLS)),
};

/** A destination as it may be stored and shown: without its keys. */
export const storedDestinationSchema = v.object(place);

/** Where the outputs go. */
export const destinationSchema = object(
  { ...place, creds: credentialsSchema },
  'must be an object with provider, bucket and creds',
);

export type Credentials = v.InferOutput<typeof credentialsSchema>;
export type Destination = v.InferOutput<typeof storedDestinationSchema>;
