import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import * as v from 'valibot';
import { CallClock } from './calls.ts';

/** What this process is told. */
export interface CreateOrder {
  /** The built function's file. */
  readonly file: string;
  /** Of every request. */
  readonly body: string;
  readonly count: number;
}

/** What it answers, in milliseconds of each create. */
export interface Creates {
  readonly total: number[];
  /** Of them those in which no call was on its way. */
  readonly own: number[];
}

/** Creates that are not counted: the first ones load code, and open connections. */
const WARM_UP = 20;

const functionSchema = v.object({
  handler: v.custom<(event: object, context: object) => Promise<{ statusCode: number; body: string }>>(
    (value) => typeof value === 'function',
  ),
});

const [order] = (await once(process, 'message')) as [CreateOrder];
const { handler } = v.parse(functionSchema, { ...(await import(pathToFileURL(order.file).href)) });
const event = { headers: {}, body: order.body, isBase64Encoded: false, requestContext: { identity: {} } };
const clock = CallClock.ofThisProcess();
const creates: Creates = { total: [], own: [] };
for (let each = 0; each < WARM_UP + order.count; each++) {
  const begun = performance.now();
  clock.reset(begun);
  const answer = await handler(event, {});
  const ended = performance.now();
  if (answer.statusCode !== 200) throw new Error(answer.body);
  if (each < WARM_UP) continue;
  creates.total.push(ended - begun);
  creates.own.push(clock.idle(ended));
}
process.send?.(creates, () => process.exit(0));
