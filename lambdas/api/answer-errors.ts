import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import {
  HIDDEN_MESSAGE,
  InvalidRequestError,
  OctetError,
  UnusableRequestError,
} from '../../domain/errors.ts';
import { logError } from '../../services/log.ts';
import { jsonResult } from './json-result.ts';

/** Answers what a function throws in the API's form. What is not meant for users is logged and told by a request id alone. */
export function answerErrors(): MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  return {
    onError: async ({ event, error, response }) => {
      if (response != null) return;
      const { requestId } = event.requestContext;
      const known = error instanceof OctetError ? error : hidden();
      if (known.status >= 500) logError('The request failed.', error, { request_id: requestId });
      return jsonResult(known.status, { ...errorBody(known), request_id: requestId });
    },
  };
}

function hidden(): OctetError {
  return new OctetError('internal', HIDDEN_MESSAGE);
}

function errorBody(error: OctetError): object {
  const hasProblems = error instanceof InvalidRequestError || error instanceof UnusableRequestError;
  return { error: error.message, code: error.code, ...(hasProblems && { errors: error.problems }) };
}
