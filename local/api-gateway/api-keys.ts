import type { IncomingMessage } from 'node:http';
import { KEY_NEEDED_MESSAGE } from '../../domain/errors.ts';
import { GatewayError } from './gateway-error.ts';
import type { Route } from './routes.ts';

export interface ApiKey {
  readonly id: string;
  readonly value: string;
}

/**
 * The key that a request must show, by its header `x-api-key`.
 *
 * @param apiKeys ids by value; without them nobody is asked
 * @returns undefined when no key is asked for
 * @throws GatewayError forbidden when it is missing or unknown
 */
export function apiKeyOf(
  { headers }: IncomingMessage,
  { apiKeyRequired = true }: Route,
  apiKeys: ReadonlyMap<string, string> | undefined,
): ApiKey | undefined {
  if (apiKeys === undefined || !apiKeyRequired) return undefined;
  const value = headers['x-api-key'];
  for (const [known, id] of apiKeys) if (known === value) return { id, value };
  throw new GatewayError(403, 'forbidden', KEY_NEEDED_MESSAGE);
}
