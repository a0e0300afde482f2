import * as v from 'valibot';
import { jobIdOfMessage } from '../../services/job-message-queue.ts';
import { NAMES } from '../resources.ts';
import type { Call } from './forward.ts';
import type { ServiceName } from './service-errors.ts';

const messageSchema = v.looseObject({
  QueueUrl: v.pipe(v.string(), v.endsWith(`/${NAMES.callbackQueue}`)),
  MessageBody: v.string(),
});

const markSchema = v.looseObject({
  Key: v.object({ pk: v.object({ S: v.string() }) }),
  ExpressionAttributeValues: v.looseObject({
    ':set_callback_status': v.object({ S: v.literal('queued') }),
  }),
});

/** Sees to it that no callback is called queued before it is: one that is lost then would never be missed. */
export class CallbackWatch {
  /** The jobs whose callbacks were marked too early. */
  readonly early = new Set<string>();
  readonly #sent = new Set<string>();

  /** @param status of a service's answer */
  note(service: ServiceName, { headers, body }: Call, status: number): void {
    const operation = String(headers['x-amz-target']).replace(/^.*\./, '');
    if (status !== 200 || !['SendMessage', 'UpdateItem'].includes(operation)) return;
    const input: unknown = JSON.parse(String(body));
    if (service === 'sqs' && v.is(messageSchema, input)) this.#sent.add(jobIdOfMessage(input.MessageBody));
    if (service === 'dynamodb' && v.is(markSchema, input)) this.#mark(input.Key.pk.S.replace(/^job#/, ''));
  }

  #mark(jobId: string): void {
    if (!this.#sent.has(jobId)) this.early.add(jobId);
  }
}
