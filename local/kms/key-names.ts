import { localArn } from '../arn.ts';
import { AwsError } from '../aws-json.ts';

/** The names that one key answers to. */
export interface KeyNames {
  readonly id: string;
  readonly arn: string;
  /** @throws AwsError NotFoundException when a request names another key */
  check(name: string): void;
}

/**
 * A key is named by its id, by `alias/ID`, or by the ARN of either.
 *
 * @param name any of these
 */
export function keyNames(name: string): KeyNames {
  const id = name.replace(/^arn:aws:kms:[^:]*:[^:]*:/, '').replace(/^(key|alias)\//, '');
  if (!/^[\w-]{1,200}$/.test(id)) throw new Error(`${JSON.stringify(name)} cannot name a KMS key`);
  const arn = localArn('kms', `key/${id}`);
  const all = new Set([id, `alias/${id}`, arn, localArn('kms', `alias/${id}`)]);
  return {
    id,
    arn,
    check(asked) {
      if (!all.has(asked)) throw new AwsError('NotFoundException', `Key '${asked}' does not exist`);
    },
  };
}
