import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { localAccount } from '../arn.ts';
import type { ApiKey } from './api-keys.ts';
import type { RouteMatch } from './routes.ts';

/** A request that has arrived and may be passed on. */
export interface AcceptedRequest {
  readonly request: IncomingMessage;
  readonly requestId: string;
  readonly path: string;
  readonly query: string;
  readonly body: Buffer;
  readonly match: RouteMatch;
  /** Undefined where no key is asked for. */
  readonly apiKey: ApiKey | undefined;
}

type RequestContext = APIGatewayProxyEvent['requestContext'];

/** @types/aws-lambda has the key always; API Gateway leaves it out where it asks for none. */
type Identity = Omit<RequestContext['identity'], 'apiKey' | 'apiKeyId'> & {
  apiKey: string | undefined;
  apiKeyId: string | undefined;
};

const stage = 'local';

/**
 * The event of a REST API's proxy integration.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function proxyEvent(accepted: AcceptedRequest): APIGatewayProxyEvent {
  const { request, path, body, match } = accepted;
  const { method: httpMethod = '' } = request;
  const headers = [...headersOf(request), ...forwardedHeaders(request)];
  const query = [...new URLSearchParams(accepted.query)];
  const isText = isUtf8(body);
  const event = {
    resource: match.route.path,
    path,
    httpMethod,
    headers: Object.fromEntries(headers),
    multiValueHeaders: grouped(headers),
    queryStringParameters: orNull(Object.fromEntries(query)),
    multiValueQueryStringParameters: orNull(grouped(query)),
    pathParameters: orNull(match.pathParameters),
    stageVariables: null,
    requestContext: requestContext(accepted, new Date()),
    body: body.length === 0 ? null : body.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
  };
  // A function gets its event as JSON, in which nothing is undefined.
  return JSON.parse(JSON.stringify(event));
}

function requestContext(
  { request, requestId, path, match, apiKey }: AcceptedRequest,
  now: Date,
): Omit<RequestContext, 'identity'> & { identity: Identity } {
  return {
    accountId: localAccount,
    apiId: 'local',
    authorizer: undefined,
    domainName: request.headers.host,
    domainPrefix: 'local',
    extendedRequestId: randomBytes(11).toString('base64'),
    httpMethod: request.method ?? '',
    identity: identity(request, apiKey),
    path: `/${stage}${path}`,
    protocol: `HTTP/${request.httpVersion}`,
    requestId,
    requestTime: logTime(now),
    requestTimeEpoch: now.getTime(),
    resourceId: 'local',
    resourcePath: match.route.path,
    stage,
  };
}

function identity({ headers, socket }: IncomingMessage, apiKey: ApiKey | undefined): Identity {
  return {
    accessKey: null,
    accountId: null,
    apiKey: apiKey?.value,
    apiKeyId: apiKey?.id,
    caller: null,
    clientCert: null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: null,
    sourceIp: socket.remoteAddress ?? '',
    user: null,
    userAgent: headers['user-agent'] ?? null,
    userArn: null,
  };
}

/** As they were sent: a REST API leaves the case of their names alone. */
function headersOf({ rawHeaders }: IncomingMessage): [string, string][] {
  const names = rawHeaders.filter((_, n) => n % 2 === 0);
  return names.map((name, n) => [name, rawHeaders[2 * n + 1] ?? '']);
}

function forwardedHeaders({ socket }: IncomingMessage): [string, string][] {
  return [
    ['X-Forwarded-For', socket.remoteAddress ?? ''],
    ['X-Forwarded-Port', String(socket.localPort)],
    ['X-Forwarded-Proto', 'http'],
  ];
}

function grouped(pairs: readonly [string, string][]): Record<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [name, value] of pairs) groups.set(name, [...(groups.get(name) ?? []), value]);
  return Object.fromEntries(groups);
}

function orNull<T extends object>(parameters: T): T | null {
  return Object.keys(parameters).length === 0 ? null : parameters;
}

/** In the common log format, such as `09/Apr/2015:12:34:56 +0000`. */
function logTime(time: Date): string {
  return time.toUTCString().replace(/^\w+, (\d+) (\w+) (\d+) ([\d:]+) GMT$/, '$1/$2/$3:$4 +0000');
}
