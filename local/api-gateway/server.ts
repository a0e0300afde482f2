import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type LocalServer, listenOnLoopback, readBody, sendJson } from '../http-server.ts';
import { apiKeyOf } from './api-keys.ts';
import { GatewayError, hiddenError } from './gateway-error.ts';
import { invoke } from './invoke.ts';
import { refuseOtherOrigins } from './own-origin.ts';
import { proxyEvent } from './proxy-event.ts';
import { type ProxyResult, sendResult } from './proxy-result.ts';
import { findRoute, type Route } from './routes.ts';

export type { Route } from './routes.ts';

export interface LocalApiGatewayOptions {
  readonly routes: readonly Route[];
  /** @default any free port */
  readonly port?: number;
  /** Ids by the keys' values, for `identity.apiKeyId`. @default no key is asked for */
  readonly apiKeys?: ReadonlyMap<string, string>;
  /** How long a function may take, in milliseconds. @default 29 s, a REST API's integration timeout */
  readonly integrationTimeout?: number;
  /** Takes what callers are not told. @default standard error */
  readonly log?: (line: string) => void;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const limits = { bodyBytes: 10 * 1024 * 1024, integrationTimeout: 29_000 };

/** A REST API with Lambda proxy integrations. What it answers by itself has the form of the product's errors. */
export function startApiGateway(options: LocalApiGatewayOptions): Promise<LocalServer> {
  const { log = console.error } = options;
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const requestId = randomUUID();
    response.setHeader('x-amzn-requestid', requestId);
    try {
      sendResult(response, await handle(request, requestId, options));
    } catch (error) {
      if (response.destroyed) return;
      const known = error instanceof GatewayError ? error : hiddenError(500, error);
      if (known.cause !== undefined) log(logLine(request, requestId, known));
      sendJson(response, known.status, { error: known.message, code: known.code, request_id: requestId });
    }
  };
  return listenOnLoopback((request, response) => void answer(request, response), options.port);
}

async function handle(
  request: IncomingMessage,
  requestId: string,
  { routes, apiKeys, integrationTimeout = limits.integrationTimeout }: LocalApiGatewayOptions,
): Promise<ProxyResult> {
  const body = await readBody(request, limits.bodyBytes);
  refuseOtherOrigins(request);
  const { url = '', method = '' } = request;
  const [path = '', ...rest] = url.split('?');
  const match = findRoute(routes, method, path);
  const apiKey = apiKeyOf(request, match.route, apiKeys);
  if (body === undefined)
    throw new GatewayError(413, 'body_too_large', `The body may have ${limits.bodyBytes} bytes.`);
  const event = proxyEvent({ request, requestId, path, query: rest.join('?'), body, match, apiKey });
  return invoke(match.route, event, integrationTimeout);
}

function logLine(
  { method, url }: IncomingMessage,
  requestId: string,
  { status, cause }: GatewayError,
): string {
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  return `api: ${method} ${url} (request ${requestId}) is answered with ${status}: ${text}`;
}
