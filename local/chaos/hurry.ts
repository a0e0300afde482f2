import * as v from 'valibot';
import { ATTENTIONS, type Attention } from '../../domain/job/attention.ts';
import type { JOB_TABLE } from '../../domain/job/table.ts';
import { NAMES } from '../resources.ts';
import type { Call } from './forward.ts';
import type { ServiceName } from './service-errors.ts';

/** By how much what waits is hurried. */
export interface Hurry {
  /** Seconds by which what is overdue after one or ten minutes is overdue earlier. */
  readonly overdueS: Readonly<Record<Attention, number>>;
  /** Milliseconds by which a key is no longer in flight earlier, whose request was lost, than after a minute. */
  readonly keyMs: number;
}

/** What is overdue is so after 8 and 20 seconds; a lost key after 15, which is longer than creating a job takes. */
const USUAL_HURRY: Hurry = { overdueS: { submission: 52, end: 580, callback: 52 }, keyMs: 45_000 };

/**
 * Has time go by faster for what waits for minutes or hours, so that a run takes minutes. It changes the requests on their
 * way and, but for the time at which a request with an idempotency key came, nothing that is stored: the clocks of functions
 * and workers, and what they write, are as they are elsewhere.
 */
export function hurried(service: ServiceName, call: Call, hurry: Hurry = USUAL_HURRY): Call {
  const operation = String(call.headers['x-amz-target']).replace(/^.*\./, '');
  const change = CHANGES[`${service} ${operation}`];
  if (change === undefined) return call;
  return { ...call, body: Buffer.from(JSON.stringify(change(JSON.parse(String(call.body)), hurry))) };
}

type Change = (input: unknown, hurry: Hurry) => unknown;

const CHANGES: Readonly<Record<string, Change>> = {
  'dynamodb Query': laterLook,
  'dynamodb PutItem': earlierKey,
  'dynamodb DeleteItem': earlierKey,
  'sqs ReceiveMessage': shorterHiding,
  'sqs ChangeMessageVisibility': soonerRetry,
};

const INDEX: keyof typeof JOB_TABLE.indexes = 'by_attention';

const overdueQuery = v.looseObject({
  IndexName: v.literal(INDEX),
  ExpressionAttributeValues: v.looseObject({
    ':attention': v.object({ S: v.picklist(ATTENTIONS) }),
    ':now': v.object({ S: v.string() }),
  }),
});

/** Reconciliation asks for what is overdue now: it gets what will be in some minutes. */
function laterLook(input: unknown, { overdueS }: Hurry): unknown {
  if (!v.is(overdueQuery, input)) return input;
  const values = input.ExpressionAttributeValues;
  const later = Date.parse(values[':now'].S) + overdueS[values[':attention'].S] * 1000;
  return {
    ...input,
    ExpressionAttributeValues: { ...values, ':now': { S: new Date(later).toISOString() } },
  };
}

const time = v.object({ N: v.string() });
const keyWrite = v.looseObject({
  Item: v.optional(v.looseObject({ begun_at: time })),
  ExpressionAttributeValues: v.looseObject({ ':begun': time }),
});

/** What is known of a request with a key is written, and asked for, as if the request had come earlier. */
function earlierKey(input: unknown, { keyMs }: Hurry): unknown {
  if (!v.is(keyWrite, input)) return input;
  const { Item, ExpressionAttributeValues: values } = input;
  return {
    ...input,
    ...(Item && { Item: { ...Item, begun_at: earlier(Item.begun_at, keyMs) } }),
    ExpressionAttributeValues: { ...values, ':begun': earlier(values[':begun'], keyMs) },
  };
}

/** A time that comes from the table is earlier already. */
function earlier({ N }: v.InferOutput<typeof time>, ms: number): v.InferOutput<typeof time> {
  const isNew = Date.now() - Number(N) < ms;
  return { N: String(isNew ? Number(N) - ms : Number(N)) };
}

/** Longer than a delivery may take, which is 15 seconds. */
const HIDDEN_S = 18;

const queueInput = v.looseObject({ QueueUrl: v.string() });

/** A message whose receiver was lost, as by a cut connection, is hidden for three minutes; here for some seconds. */
function shorterHiding(input: unknown): unknown {
  const isCallback = v.is(queueInput, input) && input.QueueUrl.endsWith(`/${NAMES.callbackQueue}`);
  return isCallback ? { ...input, VisibilityTimeout: HIDDEN_S } : input;
}

const hidingInput = v.looseObject({ VisibilityTimeout: v.number() });

/** The hours between two attempts to deliver a callback, as two seconds at most. */
function soonerRetry(input: unknown): unknown {
  if (!v.is(hidingInput, input)) return input;
  return { ...input, VisibilityTimeout: Math.min(2, input.VisibilityTimeout) };
}
