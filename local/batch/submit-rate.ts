import { AwsError } from '../aws-json.ts';

/**
 * Lets so many calls through in each second, and refuses the others as Batch refuses what exceeds an account's rate.
 *
 * @param now the time in milliseconds
 * @returns a function that throws AwsError when there were too many calls
 */
export function limitRate(callsPerSecond: number, now: () => number = Date.now): () => void {
  let second = 0;
  let calls = 0;
  return () => {
    const current = Math.floor(now() / 1000);
    if (current !== second) [second, calls] = [current, 0];
    calls += 1;
    if (calls > callsPerSecond) throw new AwsError('TooManyRequestsException', 'Too Many Requests', 429);
  };
}
