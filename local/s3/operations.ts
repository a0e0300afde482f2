import { createBucket, headBucket } from './bucket-operations.ts';
import { completeMultipartUpload } from './complete-upload.ts';
import { deleteObject } from './delete-object.ts';
import { notImplemented } from './errors.ts';
import { getObject, responseOverrides } from './get-object.ts';
import { listObjects, listParameters } from './list-objects.ts';
import { abortMultipartUpload, createMultipartUpload, uploadPart } from './multipart-upload.ts';
import type { Operation } from './operation.ts';
import { operationName } from './operation-name.ts';
import { putObject } from './put-object.ts';
import type { S3Request } from './s3-request.ts';

interface Entry {
  readonly run: Operation;
  /** Of the query string. */
  readonly parameters?: readonly string[];
  /** Its own `x-amz-` fields; a last `-` stands for all that begin so. */
  readonly fields?: readonly string[];
}

const settings = ['x-amz-acl', 'x-amz-meta-', 'x-amz-storage-class'];
const checksums = ['x-amz-checksum-', 'x-amz-sdk-checksum-algorithm', 'x-amz-trailer'];

/** The SDK may send the checksum of the body that a GetObject does not have. */
const read: Entry = { run: getObject, parameters: responseOverrides, fields: checksums };

const operations: Readonly<Record<string, Entry>> = {
  CreateBucket: { run: createBucket },
  HeadBucket: { run: headBucket },
  ListObjectsV2: { run: listObjects, parameters: listParameters },
  PutObject: { run: putObject, fields: [...settings, ...checksums] },
  GetObject: read,
  HeadObject: read,
  DeleteObject: { run: deleteObject },
  CreateMultipartUpload: {
    run: createMultipartUpload,
    parameters: ['uploads'],
    fields: [...settings, 'x-amz-checksum-algorithm', 'x-amz-checksum-type'],
  },
  UploadPart: { run: uploadPart, parameters: ['partNumber', 'uploadId'], fields: checksums },
  CompleteMultipartUpload: { run: completeMultipartUpload, parameters: ['uploadId'] },
  AbortMultipartUpload: { run: abortMultipartUpload, parameters: ['uploadId'] },
};

/** Fields that mean the same in every request, or nothing. */
const commonFields = [
  'x-amz-algorithm',
  'x-amz-content-sha256',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-decoded-content-length',
  'x-amz-expires',
  'x-amz-security-token',
  'x-amz-signature',
  'x-amz-signedheaders',
  'x-amz-user-agent',
];

/**
 * What a request asks for. Anything in it that would silently do nothing is refused by its name.
 *
 * @throws S3Error NotImplemented
 */
export function operationOf(request: S3Request): { readonly name: string; readonly run: Operation } {
  const name = operationName(request);
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation === undefined) throw notImplemented(name);
  const { run, parameters = [], fields = [] } = operation;
  const known = [...commonFields, ...fields];
  const unknown = [
    ...request.parameters
      .map(([each]) => each)
      .filter((each) => !/^x-(amz-|id$)/i.test(each) && !parameters.includes(each)),
    ...request.fieldsOf('x-amz-').filter((each) => !known.some((field) => isNamed(each, field))),
    ...request.fieldsOf('if-').filter(() => run !== getObject),
  ];
  if (unknown[0] !== undefined) throw notImplemented(`${name} with ${unknown[0]}`);
  return { name, run };
}

function isNamed(field: string, known: string): boolean {
  return field === known || (known.endsWith('-') && field.startsWith(known));
}
