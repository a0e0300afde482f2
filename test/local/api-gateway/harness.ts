import { type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { afterEach, beforeEach } from 'vitest';
import {
  type LocalApiGatewayOptions,
  type Route,
  startApiGateway,
} from '../../../local/api-gateway/server.ts';
import type { LocalServer } from '../../../local/http-server.ts';

/** What one test has. */
export interface Harness {
  /** The invocations of its functions. */
  readonly events: APIGatewayProxyEvent[];
  readonly contexts: Context[];
  readonly logged: string[];
  gateway: LocalServer;
}

export type Answer = (event: APIGatewayProxyEvent, context: Context) => unknown;

export interface GatewayOverrides extends Partial<Omit<LocalApiGatewayOptions, 'routes'>> {
  /** Such as `POST /v0/jobs/{job_id}/cancel`. */
  readonly routes?: readonly string[];
  readonly openRoutes?: readonly string[];
  readonly answer?: Answer;
}

const answerResource: Answer = ({ resource }) => ({ statusCode: 200, body: JSON.stringify(resource) });

/** A gateway for each test, whose functions answer with the name of their resource when they are told nothing else. */
export function useGateway(overrides: GatewayOverrides = {}): Harness {
  const harness = {} as { -readonly [key in keyof Harness]: Harness[key] };
  beforeEach(async () => {
    Object.assign(harness, { events: [], contexts: [], logged: [] });
    harness.gateway = await startGateway(harness, overrides);
  });
  afterEach(() => harness.gateway.close());
  return harness;
}

function startGateway(harness: Harness, overrides: GatewayOverrides): Promise<LocalServer> {
  const { routes = ['POST /jobs'], openRoutes = [], answer = answerResource, ...options } = overrides;
  const handler = async (event: APIGatewayProxyEvent, context: Context) => {
    harness.events.push(event);
    harness.contexts.push(context);
    return (await answer(event, context)) as APIGatewayProxyResult;
  };
  const route = (name: string): Route => {
    const [method = '', path = ''] = name.split(' ');
    return { method, path, handler };
  };
  return startApiGateway({
    routes: [...routes.map(route), ...openRoutes.map((name) => ({ ...route(name), apiKeyRequired: false }))],
    log: (line) => harness.logged.push(line),
    ...options,
  });
}

export interface Reply {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends a request as it stands, with any Host and with names of headers in their own case. */
export function send(
  harness: Harness,
  name: string,
  headers: Record<string, string | string[]> = {},
  body: string | Uint8Array = '',
): Promise<Reply> {
  const [method, path] = name.split(' ');
  const { port } = harness.gateway;
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
      const { statusCode: status, headers: received } = response;
      text(response).then((read) => resolve({ status, headers: received, body: read }), reject);
    });
    sent.on('error', reject).end(body);
  });
}
