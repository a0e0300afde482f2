import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { GatewayError } from './gateway-error.ts';

export interface Route {
  readonly method: string;
  /** Such as `/v0/jobs/{job_id}`. */
  readonly path: string;
  handler(event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult>;
  /** Whether the gateway asks for a key, when it has keys at all. @default true */
  readonly apiKeyRequired?: boolean;
}

export interface RouteMatch {
  readonly route: Route;
  /** Percent-decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/**
 * Finds the resource first, of which a literal segment wins over a parameter, and then its method: when `/jobs/plan` is
 * a resource, `/jobs/{job_id}` never sees the path `/jobs/plan`.
 *
 * @throws GatewayError not_found
 */
export function findRoute(routes: readonly Route[], method: string, path: string): RouteMatch {
  const segments = path.split('/').map(decode);
  const [resource] = routes
    .map((route) => route.path)
    .filter((each) => parametersOf(each, segments) !== undefined)
    .sort((a, b) => specificity(a).localeCompare(specificity(b)));
  const route = routes.find((each) => each.path === resource && each.method === method);
  if (route === undefined) throw new GatewayError(404, 'not_found', `There is no ${method} ${path}.`);
  return { route, pathParameters: parametersOf(route.path, segments) ?? {} };
}

/** Undefined when the resource does not match. No parameter is empty. */
function parametersOf(resource: string, segments: readonly string[]): Record<string, string> | undefined {
  const parts = resource.split('/');
  const doMatch = parts.map((part, n) => (isParameter(part) ? segments[n] !== '' : part === segments[n]));
  if (parts.length !== segments.length || doMatch.includes(false)) return undefined;
  const entries = parts.map((part, n) => [part.slice(1, -1), segments[n] ?? ''] as const);
  return Object.fromEntries(entries.filter((_, n) => isParameter(parts[n] ?? '')));
}

/** Comes first in the alphabet for the resource whose literal segments come first. */
function specificity(resource: string): string {
  return resource
    .split('/')
    .map((part) => (isParameter(part) ? 'b' : 'a'))
    .join('');
}

function isParameter(part: string): boolean {
  return part.startsWith('{') && part.endsWith('}');
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new GatewayError(400, 'invalid_request', 'The path must be percent-encoded UTF-8.');
  }
}
