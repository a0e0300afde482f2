import { setTimeout as delay } from 'node:timers/promises';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { lambdaContext } from '../lambda/context.ts';
import { hiddenError } from './gateway-error.ts';
import { type ProxyResult, parseResult } from './proxy-result.ts';
import type { Route } from './routes.ts';

const tooLate = Symbol('too late');

/**
 * Has a route's function handle an event.
 *
 * @param limit in milliseconds; a function that takes longer goes on, and nobody hears of its result
 * @throws GatewayError 502 when it fails or its result is malformed, 504 when it takes too long
 */
export async function invoke(route: Route, event: APIGatewayProxyEvent, limit: number): Promise<ProxyResult> {
  const context = lambdaContext(functionName(route), limit);
  const late = delay(limit, tooLate, { ref: false });
  try {
    const result = await Promise.race([route.handler(event, context), late]);
    if (result !== tooLate) return parseResult(result);
  } catch (error) {
    throw hiddenError(502, error);
  }
  throw hiddenError(504, new Error(`The function has not answered within ${limit} ms`));
}

/** A function's name has letters, digits, hyphens and underscores only. */
function functionName({ method, path }: Route): string {
  return `${method}${path}`.replace(/[^\w-]+/g, '-');
}
