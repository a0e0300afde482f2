import { between, hitBy, oneOf, random } from './random.ts';
import { ERRORS, type ServiceError, type ServiceName } from './service-errors.ts';

/**
 * What happens to a request. `reached` tells whether the service had it: then what it asked for is done, and its sender does
 * not hear of it.
 */
export type Fault =
  | { readonly kind: 'none' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'error'; readonly error: ServiceError }
  | { readonly kind: 'cut'; readonly reached: boolean }
  /** Nothing is heard for a while, and then the connection is gone, as when a router forgets about it. */
  | { readonly kind: 'silence'; readonly reached: boolean; readonly ms: number }
  /** A process dies while the request is on its way. */
  | {
      readonly kind: 'kill';
      readonly victim: 'worker' | 'service';
      readonly signal: 'SIGKILL' | 'SIGTERM';
      readonly reached: boolean;
    };

type Kind = 'delay' | 'error' | 'cut' | 'silence' | 'kill';

/**
 * Of a service's requests. The SDK tries three times, so that about one call in a thousand fails for good: enough to need
 * all that makes up for it, and little enough for most jobs to be completed.
 */
const SHARES: readonly (readonly [share: number, kind: Kind])[] = [
  [0.08, 'delay'],
  [0.05, 'error'],
  [0.045, 'cut'],
  [0.006, 'silence'],
];

/** The services that workers use: a kill at one of its requests hits a worker in what it is about. */
const KILL_SHARE: Partial<Record<ServiceName, number>> = { dynamodb: 0.015, s3: 0.03, kms: 0.01 };

/** A service that is away for a while fails at so many requests in a row, which is more than the SDK tries. */
const OUTAGE_LENGTH = 10;
const OUTAGE_SHARE = 0.03;

const NONE: Fault = { kind: 'none' };

/** The faults of one run: the same for the same seed. */
export class FaultPlan {
  readonly #seed: number;
  readonly #serviceKills: ReadonlySet<number>;

  /** @param jobs decides how often the service itself is killed */
  constructor(seed: number, jobs: number) {
    this.#seed = seed;
    this.#serviceKills = serviceKills(seed, jobs);
  }

  /** What happens to a request. @param count its number among the requests of its service, 1 for the first */
  faultOf(service: ServiceName, count: number): Fault {
    const draw = (what: string) => random(this.#seed, service, count, what);
    const reached = draw('reached') < 0.5;
    if (service === 'dynamodb' && this.#serviceKills.has(count)) {
      return { kind: 'kill', victim: 'service', signal: 'SIGKILL', reached };
    }
    const outage = random(this.#seed, service, 'outage', Math.floor(count / OUTAGE_LENGTH));
    if (outage < OUTAGE_SHARE) return { kind: 'error', error: oneOf(draw('error'), ERRORS[service]) };
    const shares = [...SHARES, [KILL_SHARE[service] ?? 0, 'kill'] as const];
    switch (hitBy(draw('kind'), shares)) {
      case 'delay':
        return { kind: 'delay', ms: between(draw('ms'), 20, 400) };
      case 'error':
        return { kind: 'error', error: oneOf(draw('error'), ERRORS[service]) };
      case 'cut':
        return { kind: 'cut', reached };
      case 'silence':
        return { kind: 'silence', reached, ms: between(draw('ms'), 1000, 4000) };
      case 'kill':
        return {
          kind: 'kill',
          victim: 'worker',
          signal: draw('signal') < 0.6 ? 'SIGKILL' : 'SIGTERM',
          reached,
        };
      default:
        return NONE;
    }
  }
}

/** At which requests of DynamoDB the service is killed: spread over the time in which jobs run, and never close together. */
export function serviceKills(seed: number, jobs: number): ReadonlySet<number> {
  const times = 2 + Math.floor(jobs / 100);
  // A job comes to thirty requests of DynamoDB or more.
  const span = Math.floor((jobs * 20) / times);
  const at = (index: number) =>
    span * index + between(random(seed, 'service', index), 20, Math.max(20, span - 20));
  return new Set(Array.from({ length: times }, (_, index) => at(index)));
}
