/** The services that a proxy stands in front of, as the local stack names them. */
export const SERVICES = ['dynamodb', 'sqs', 's3', 'batch', 'kms', 'secretsmanager'] as const;

export type ServiceName = (typeof SERVICES)[number];

/** How a service says that it cannot do something just now. */
export interface ServiceError {
  readonly status: number;
  readonly code: string;
}

type Errors = readonly [ServiceError, ...ServiceError[]];

/** What AWS documents for each under "Errors" and "Common Errors"; all of it is to be tried again. */
export const ERRORS: Readonly<Record<ServiceName, Errors>> = {
  dynamodb: [
    { status: 500, code: 'InternalServerError' },
    { status: 503, code: 'ServiceUnavailable' },
    { status: 400, code: 'ProvisionedThroughputExceededException' },
    { status: 400, code: 'ThrottlingException' },
  ],
  sqs: [
    { status: 500, code: 'InternalFailure' },
    { status: 503, code: 'ServiceUnavailable' },
    { status: 403, code: 'RequestThrottled' },
  ],
  s3: [
    { status: 500, code: 'InternalError' },
    { status: 503, code: 'ServiceUnavailable' },
    { status: 503, code: 'SlowDown' },
  ],
  batch: [
    { status: 500, code: 'ServerException' },
    { status: 503, code: 'ServiceUnavailable' },
    { status: 429, code: 'TooManyRequestsException' },
  ],
  kms: [
    { status: 500, code: 'KMSInternalException' },
    { status: 503, code: 'ServiceUnavailable' },
    { status: 400, code: 'ThrottlingException' },
  ],
  secretsmanager: [
    { status: 500, code: 'InternalServiceError' },
    { status: 503, code: 'ServiceUnavailable' },
    { status: 400, code: 'ThrottlingException' },
  ],
};

export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An error in the form of a service: XML of S3, JSON of all others. */
export function errorAnswer(service: ServiceName, { status, code }: ServiceError): ErrorAnswer {
  const message = 'This failure was made on purpose.';
  if (service === 's3') {
    const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
    return { status, headers: { 'content-type': 'application/xml' }, body };
  }
  const headers = { 'content-type': 'application/json', 'x-amzn-errortype': code };
  return { status, headers, body: JSON.stringify({ __type: code, message }) };
}
