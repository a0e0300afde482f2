import type { Answer } from './answer.ts';
import { S3Error } from './errors.ts';
import type { Call } from './operation.ts';
import { childText, parseXml } from './parse-xml.ts';
import { receiveText } from './receive-text.ts';

/** Creating a bucket anew succeeds in us-east-1 alone: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html. */
export async function createBucket(call: Call): Promise<Answer> {
  const { request, storage, region } = call;
  const document = await receiveText(call);
  const root = document === '' ? undefined : parseXml(document);
  if (document !== '' && root === undefined) throw new S3Error('MalformedXML');
  const location = root && childText(root, 'LocationConstraint');
  if (location !== undefined && location !== region)
    throw new S3Error(
      'IllegalLocationConstraintException',
      `The location ${location} is not the region ${region} of this endpoint.`,
    );
  if (storage.buckets.has(request.bucket) && region !== 'us-east-1')
    throw new S3Error('BucketAlreadyOwnedByYou');
  storage.buckets.create(request.bucket);
  return { headers: { location: `/${request.bucket}` } };
}

export function headBucket({ region }: Call): Answer {
  return { headers: { 'x-amz-bucket-region': region } };
}
