import * as v from 'valibot';
import { type QueueStore, receivedSchema } from './queue-store.ts';

/** How often a poll looks for messages that have become visible again, or whose delay is over. In milliseconds. */
const LOOK_MS = 1000;

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
const longPoll = v.looseObject({ WaitTimeSeconds: v.pipe(v.number(), v.minValue(1), v.maxValue(20)) });

/** What may make messages visible. */
const REVEALING = /^(SendMessage|ChangeMessageVisibility)(Batch)?$/;

/** Waits for messages in a store's place: fauxqs would look for them 50 times a second for each poll, also on an idle machine. */
export function withLongPolls(store: QueueStore): QueueStore {
  const waiting = new Set<() => void>();
  /** Goes up when messages may have become visible. */
  let changes = 0;
  let isClosed = false;

  const wake = () => {
    changes += 1;
    for (const goOn of waiting) goOn();
  };

  const wait = (ms: number) =>
    new Promise<void>((resolve) => {
      const goOn = () => {
        clearTimeout(timer);
        waiting.delete(goOn);
        resolve();
      };
      const timer = setTimeout(goOn, ms);
      waiting.add(goOn);
    });

  const poll = async ({ WaitTimeSeconds, ...input }: v.InferOutput<typeof longPoll>) => {
    const until = Date.now() + 1000 * WaitTimeSeconds;
    for (;;) {
      const before = changes;
      const output = await store.call('ReceiveMessage', { ...input, WaitTimeSeconds: 0 });
      const left = until - Date.now();
      if (v.parse(receivedSchema, output).Messages.length > 0 || left <= 0) return output;
      if (changes === before && !isClosed) await wait(Math.min(left, LOOK_MS));
      if (isClosed) return output;
    }
  };

  return {
    async call(operation, input) {
      if (operation === 'ReceiveMessage')
        return v.is(longPoll, input) ? poll(input) : store.call(operation, input);
      const output = await store.call(operation, input);
      if (REVEALING.test(operation)) wake();
      return output;
    },
    async close() {
      isClosed = true;
      wake();
      await store.close();
    },
  };
}
