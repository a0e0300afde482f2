import { AwsError } from '../aws-json.ts';

/** What Batch answers to a request that is wrong. */
export function clientError(message: string): AwsError {
  return new AwsError('ClientException', message);
}
