import * as v from 'valibot';
import { END_STATES } from '../../domain/job/job-state.ts';
import type { Call } from './forward.ts';

const updateSchema = v.looseObject({
  Key: v.object({ pk: v.object({ S: v.string() }) }),
  UpdateExpression: v.pipe(v.string(), v.regex(/#status = :set_status\b/)),
  ExpressionAttributeValues: v.looseObject({ ':set_status': v.object({ S: v.picklist(END_STATES) }) }),
});

/** Counts how often each job was ended, by what DynamoDB has done: its clients do not hear of all of it. */
export class EndWatch {
  readonly #ends = new Map<string, number>();

  /** @param status of DynamoDB's answer */
  note({ headers, body }: Call, status: number): void {
    if (status !== 200 || !String(headers['x-amz-target']).endsWith('.UpdateItem')) return;
    const update: unknown = JSON.parse(String(body));
    if (!v.is(updateSchema, update)) return;
    const jobId = update.Key.pk.S.replace(/^job#/, '');
    this.#ends.set(jobId, this.timesOf(jobId) + 1);
  }

  timesOf(jobId: string): number {
    return this.#ends.get(jobId) ?? 0;
  }
}
