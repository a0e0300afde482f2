import type { S3Request } from './s3-request.ts';

/** What a query parameter names in a request to a bucket; the method says what is done to it. */
const bucketResources: Readonly<Record<string, string>> = {
  accelerate: 'BucketAccelerateConfiguration',
  acl: 'BucketAcl',
  analytics: 'BucketAnalyticsConfiguration',
  cors: 'BucketCors',
  encryption: 'BucketEncryption',
  'intelligent-tiering': 'BucketIntelligentTieringConfiguration',
  inventory: 'BucketInventoryConfiguration',
  lifecycle: 'BucketLifecycleConfiguration',
  location: 'BucketLocation',
  logging: 'BucketLogging',
  metrics: 'BucketMetricsConfiguration',
  notification: 'BucketNotificationConfiguration',
  'object-lock': 'ObjectLockConfiguration',
  ownershipControls: 'BucketOwnershipControls',
  policy: 'BucketPolicy',
  policyStatus: 'BucketPolicyStatus',
  publicAccessBlock: 'PublicAccessBlock',
  replication: 'BucketReplication',
  requestPayment: 'BucketRequestPayment',
  tagging: 'BucketTagging',
  versioning: 'BucketVersioning',
  website: 'BucketWebsite',
};

/** The same in a request to an object. */
const objectResources: Readonly<Record<string, string>> = {
  acl: 'ObjectAcl',
  attributes: 'ObjectAttributes',
  'legal-hold': 'ObjectLegalHold',
  retention: 'ObjectRetention',
  tagging: 'ObjectTagging',
  torrent: 'ObjectTorrent',
};

/** Operations whose name follows no such rule. */
const others: Readonly<Record<string, string>> = {
  'GET service': 'ListBuckets',
  'GET bucket': 'ListObjects',
  'GET bucket ?list-type': 'ListObjectsV2',
  'GET bucket ?uploads': 'ListMultipartUploads',
  'GET bucket ?versions': 'ListObjectVersions',
  'HEAD bucket': 'HeadBucket',
  'PUT bucket': 'CreateBucket',
  'DELETE bucket': 'DeleteBucket',
  'POST bucket': 'PostObject',
  'POST bucket ?delete': 'DeleteObjects',
  'GET object': 'GetObject',
  'GET object ?uploadId': 'ListParts',
  'HEAD object': 'HeadObject',
  'PUT object': 'PutObject',
  'PUT object ?uploadId': 'UploadPart',
  'DELETE object': 'DeleteObject',
  'DELETE object ?uploadId': 'AbortMultipartUpload',
  'POST object ?uploads': 'CreateMultipartUpload',
  'POST object ?uploadId': 'CompleteMultipartUpload',
  'POST object ?restore': 'RestoreObject',
  'POST object ?select': 'SelectObjectContent',
};

const verbs: Readonly<Record<string, string>> = { GET: 'Get', PUT: 'Put', DELETE: 'Delete' };

/** By its name in https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html; its method and kind where it has none. */
export function operationName(request: S3Request): string {
  const name = nameWithoutCopy(request);
  if (request.header('x-amz-copy-source') === undefined) return name;
  return { PutObject: 'CopyObject', UploadPart: 'UploadPartCopy' }[name] ?? name;
}

function nameWithoutCopy({ method, bucket, key, parameters }: S3Request): string {
  const kind = key !== '' ? 'object' : bucket !== '' ? 'bucket' : 'service';
  const resources = { service: {}, bucket: bucketResources, object: objectResources }[kind];
  for (const [mark] of parameters) {
    const [verb, resource] = [own(verbs, method), own(resources, mark)];
    if (verb !== undefined && resource !== undefined) return `${verb}${resource}`;
    const other = own(others, `${method} ${kind} ?${mark}`);
    if (other !== undefined) return other;
  }
  return own(others, `${method} ${kind}`) ?? `${method} ${kind}`;
}

function own(table: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
