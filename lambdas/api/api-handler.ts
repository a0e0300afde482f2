import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { answerErrors } from './answer-errors.ts';
import { bodyOf } from './body.ts';
import { jsonResult } from './json-result.ts';

/** What a function of the API is asked. */
export interface ApiRequest {
  /** The id of the caller's API key; everybody is the same caller where the API asks for no key. */
  readonly tenant: string;
  readonly body: string;
  /** A parameter of the path, percent-decoded. */
  readonly parameter: (name: string) => string;
  /** The parameters of the query. */
  readonly query: Readonly<Record<string, string>>;
  /** A header by its name in small letters. */
  readonly header: (name: string) => string | undefined;
}

const NO_KEY_TENANT = 'anonymous';

/** A Lambda function behind API Gateway that answers 200 with JSON, or with the error that `answer` throws. */
export function apiHandler(
  answer: (request: ApiRequest) => Promise<object>,
): (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult> {
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
    .use(answerErrors())
    .handler(async (event) => jsonResult(200, await answer(requestOf(event))));
}

function requestOf(event: APIGatewayProxyEvent): ApiRequest {
  const headers = Object.fromEntries(
    Object.entries(definedIn(event.headers)).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return {
    tenant: event.requestContext.identity.apiKeyId ?? NO_KEY_TENANT,
    body: bodyOf(event),
    parameter: (name) => event.pathParameters?.[name] ?? '',
    query: definedIn(event.queryStringParameters),
    header: (name) => headers[name],
  };
}

function definedIn(values: Readonly<Record<string, string | undefined>> | null): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
