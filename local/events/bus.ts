import { setTimeout as delay } from 'node:timers/promises';
import { checkPattern, type EventPattern, matches } from './pattern.ts';

export interface EventRule<Event> {
  readonly name: string;
  readonly pattern: EventPattern;
  /** Invoked like a Lambda function: asynchronously, and again when it fails. */
  target(event: Event): Promise<void>;
}

export interface EventBusOptions<Event> {
  readonly rules: readonly EventRule<Event>[];
  /**
   * Milliseconds before each retry. Lambda retries an asynchronous invocation twice.
   *
   * @default [1000, 2000]
   */
  readonly backoff?: readonly number[];
  /** @default a timer */
  readonly wait?: (milliseconds: number) => Promise<unknown>;
  /** Told of every target that failed to the last. @default standard error */
  readonly log?: (line: string) => void;
}

export interface EventBus<Event> {
  /** Resolves when every target whose pattern matches is done or has failed to the last; never rejects. */
  publish(event: Event): Promise<void>;
}

/**
 * EventBridge with fixed rules, and the asynchronous invocation of Lambda behind it.
 *
 * @throws Error when a rule's pattern uses what the matcher does not know
 */
export function createEventBus<Event>(options: EventBusOptions<Event>): EventBus<Event> {
  const { rules, backoff = [1000, 2000], wait = (ms) => delay(ms), log = console.error } = options;
  for (const rule of rules) checkPattern(rule.pattern);

  async function deliver(rule: EventRule<Event>, event: Event): Promise<void> {
    for (const pause of [...backoff, undefined]) {
      try {
        return await rule.target(event);
      } catch (error) {
        if (pause === undefined) log(lost(rule.name, event, error));
        else await wait(pause);
      }
    }
  }

  return {
    async publish(event) {
      const matching = rules.filter((rule) => matches(rule.pattern, event));
      await Promise.all(matching.map((rule) => deliver(rule, event)));
    },
  };
}

function lost(rule: string, event: unknown, error: unknown): string {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `EVENT LOST: the target of rule ${rule} failed at every attempt.\n${JSON.stringify(event)}\n${reason}`;
}
