import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { type ErrorCode, HIDDEN_MESSAGE, KEY_NEEDED_MESSAGE } from '../domain/errors.ts';

interface Answer {
  readonly type: apigateway.ResponseType;
  readonly status?: string;
  readonly code: ErrorCode;
  readonly error: string;
}

const { ResponseType } = apigateway;
const TOO_MANY = 'Too many requests: send fewer of them, or again in a moment.';

/** What API Gateway answers before a function is asked, in the form of the functions' own errors. */
const ANSWERS: readonly Answer[] = [
  { type: ResponseType.INVALID_API_KEY, status: '403', code: 'forbidden', error: KEY_NEEDED_MESSAGE },
  { type: ResponseType.ACCESS_DENIED, status: '403', code: 'forbidden', error: KEY_NEEDED_MESSAGE },
  {
    // So it calls a path that it does not know.
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    status: '404',
    code: 'not_found',
    error: 'There is no such call; check method and path.',
  },
  { type: ResponseType.THROTTLED, status: '429', code: 'throttled', error: TOO_MANY },
  { type: ResponseType.QUOTA_EXCEEDED, status: '429', code: 'throttled', error: TOO_MANY },
  {
    type: ResponseType.REQUEST_TOO_LARGE,
    status: '413',
    code: 'body_too_large',
    error: 'The body is too large; send nothing beside the fields of the job.',
  },
  {
    type: ResponseType.DEFAULT_4XX,
    code: 'invalid_request',
    error: 'The request is malformed; see the API documentation.',
  },
  { type: ResponseType.DEFAULT_5XX, code: 'internal', error: HIDDEN_MESSAGE },
];

/** Makes API Gateway answer in the API's form. */
export function addGatewayResponses(api: apigateway.RestApi): void {
  for (const { type, status, code, error } of ANSWERS) {
    api.addGatewayResponse(type.responseType, {
      type,
      ...(status !== undefined && { statusCode: status }),
      templates: {
        'application/json': JSON.stringify({ error, code, request_id: '$context.requestId' }),
      },
    });
  }
}
