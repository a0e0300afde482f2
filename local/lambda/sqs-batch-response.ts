import type { SQSRecord } from 'aws-lambda';
import * as v from 'valibot';

const batchResponse = v.nullish(
  v.object({ batchItemFailures: v.nullish(v.array(v.object({ itemIdentifier: v.string() }))) }),
);

/**
 * The messages of a batch that its function is done with: all but those that its answer names.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 *
 * @throws Error when the answer has another form, or names a message that is not in the batch: then none is
 */
export function succeeded(records: readonly SQSRecord[], answer: unknown): readonly SQSRecord[] {
  const failures = v.parse(batchResponse, answer)?.batchItemFailures ?? [];
  const failed = new Set(failures.map(({ itemIdentifier }) => itemIdentifier));
  const ids = new Set(records.map(({ messageId }) => messageId));
  for (const id of failed)
    if (!ids.has(id))
      throw new Error(`batchItemFailures names ${JSON.stringify(id)}, which is not in the batch`);
  return records.filter(({ messageId }) => !failed.has(messageId));
}
