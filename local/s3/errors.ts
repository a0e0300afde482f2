import { AwsError } from '../aws-json.ts';

/** Status and default message by code: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html. */
const errors = {
  AccessDenied: [403, 'Access Denied'],
  AuthorizationHeaderMalformed: [400, 'The authorization header is malformed.'],
  AuthorizationQueryParametersError: [400, 'The query parameters of the authorization are not valid.'],
  BadDigest: [400, 'The Content-MD5 you specified did not match what we received.'],
  BucketAlreadyOwnedByYou: [409, 'The bucket that you tried to create already exists, and you own it.'],
  EntityTooLarge: [400, 'Your proposed upload exceeds the maximum allowed size.'],
  EntityTooSmall: [400, 'Your proposed upload is smaller than the minimum allowed size.'],
  IllegalLocationConstraintException: [400, 'The location constraint is not that of this endpoint.'],
  IncompleteBody: [400, 'The body is shorter or longer than the request says, or its chunks are malformed.'],
  InternalError: [500, 'We encountered an internal error. Please try again.'],
  InvalidAccessKeyId: [403, 'The AWS Access Key Id you provided does not exist in our records.'],
  InvalidArgument: [400, 'Invalid Argument'],
  InvalidBucketName: [400, 'The specified bucket is not valid.'],
  InvalidChunkSizeError: [403, 'Only the last chunk is allowed to have a size less than 8192 bytes'],
  InvalidDigest: [400, 'The Content-MD5 you specified was invalid.'],
  InvalidPart: [400, 'One or more of the specified parts could not be found or has another entity tag.'],
  InvalidPartOrder: [400, 'The list of parts was not in ascending order of part numbers.'],
  InvalidRange: [416, 'The requested range is not satisfiable'],
  InvalidRequest: [400, 'The request is not valid.'],
  InvalidStorageClass: [400, 'The storage class you specified is not valid'],
  InvalidURI: [400, "Couldn't parse the specified URI."],
  KeyTooLongError: [400, 'Your key is too long'],
  MalformedTrailerError: [
    400,
    'The trailer of the body is not well-formed or lacks what x-amz-trailer names.',
  ],
  MalformedXML: [400, 'The XML you provided was not well-formed or did not have the expected elements'],
  MetadataTooLarge: [400, 'Your metadata headers exceed the maximum allowed metadata size'],
  MissingContentLength: [411, 'You must provide the Content-Length HTTP header.'],
  NoSuchBucket: [404, 'The specified bucket does not exist'],
  NoSuchKey: [404, 'The specified key does not exist.'],
  NoSuchUpload: [404, 'The specified upload does not exist. It may have been aborted or completed.'],
  NotImplemented: [501, 'The request needs what the local S3 does not implement.'],
  PreconditionFailed: [412, 'At least one of the pre-conditions you specified did not hold'],
  RequestTimeTooSkewed: [403, 'The difference between the request time and the current time is too large.'],
  SignatureDoesNotMatch: [
    403,
    'The request signature we calculated does not match the signature you provided.',
  ],
  XAmzContentSHA256Mismatch: [
    400,
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  ],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type S3ErrorCode = keyof typeof errors;

/** An error that S3 answers with its status and code. */
export class S3Error extends AwsError {
  /** What the answer carries beside the error, such as the size in `content-range`. */
  readonly headers: Readonly<Record<string, string>>;

  /** @param message @default S3's own for the code */
  constructor(code: S3ErrorCode, message?: string, headers: Readonly<Record<string, string>> = {}) {
    const [status, text] = errors[code];
    super(code, message ?? text, status);
    this.headers = headers;
  }
}

/** @param what such as `GetObjectAcl`, or a header by its name */
export function notImplemented(what: string): S3Error {
  return new S3Error('NotImplemented', `s3 ${what} is not implemented by the local S3`);
}
