import * as v from 'valibot';
import { ATTENTIONS, type Attention } from '../../domain/job/attention.ts';
import type { JOB_TABLE } from '../../domain/job/table.ts';
import { NAMES } from '../resources.ts';
import type { Call } from './forward.ts';
import type { ServiceName } from './service-errors.ts';

/**
 * Has time go by faster for what waits for minutes or hours, so that a run takes minutes. It changes the requests on their
 * way and nothing that is stored: the clocks of functions and workers, and what they write, are as they are elsewhere.
 */
export function hurried(service: ServiceName, call: Call): Call {
  const operation = String(call.headers['x-amz-target']).replace(/^.*\./, '');
  const change = CHANGES[`${service} ${operation}`];
  if (change === undefined) return call;
  return { ...call, body: Buffer.from(JSON.stringify(change(JSON.parse(String(call.body))))) };
}

type Change = (input: unknown) => unknown;

const CHANGES: Readonly<Record<string, Change>> = {
  'dynamodb Query': laterLook,
  'sqs ReceiveMessage': shorterHiding,
  'sqs ChangeMessageVisibility': soonerRetry,
};

const INDEX: keyof typeof JOB_TABLE.indexes = 'by_attention';

/** Seconds by which what is overdue after one or ten minutes is overdue earlier: after 8 and 20 seconds. */
const AHEAD_S: Readonly<Record<Attention, number>> = { submission: 52, end: 580, callback: 52 };

const overdueQuery = v.looseObject({
  IndexName: v.literal(INDEX),
  ExpressionAttributeValues: v.looseObject({
    ':attention': v.object({ S: v.picklist(ATTENTIONS) }),
    ':now': v.object({ S: v.string() }),
  }),
});

/** Reconciliation asks for what is overdue now: it gets what will be in some minutes. */
function laterLook(input: unknown): unknown {
  if (!v.is(overdueQuery, input)) return input;
  const values = input.ExpressionAttributeValues;
  const later = Date.parse(values[':now'].S) + AHEAD_S[values[':attention'].S] * 1000;
  return {
    ...input,
    ExpressionAttributeValues: { ...values, ':now': { S: new Date(later).toISOString() } },
  };
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
