const [SECOND, MINUTE, HOUR] = [1, 60, 3600];

/** Seconds to wait before each attempt. The longest fits SQS's visibility timeout, whose limit is 12 hours. */
const WAITS_S: readonly number[] = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  12 * HOUR,
  12 * HOUR,
  12 * HOUR,
];

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html */
const LONGEST_WAIT_S = 12 * HOUR;

/** A tenth earlier or later, so that receivers that failed together are not asked together. */
const JITTER = 0.1;

/** How often a callback is tried; after that its message goes to the dead-letter queue. */
export const CALLBACK_ATTEMPTS = WAITS_S.length;

/**
 * Seconds to wait after a failed attempt.
 *
 * @param attempt its number, 1 for the first
 * @param retryAfter seconds that the receiver asked for
 * @param random from 0 to 1
 */
export function retryDelay(attempt: number, retryAfter: number | undefined, random: number): number {
  const wait = WAITS_S[attempt] ?? LONGEST_WAIT_S;
  const spread = wait * (1 + JITTER * (2 * random - 1));
  return Math.round(Math.min(LONGEST_WAIT_S, Math.max(spread, retryAfter ?? 0)));
}
