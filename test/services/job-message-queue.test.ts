import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { jobIdOfMessage } from '../../services/job-message-queue.ts';
import { useCallbackQueue } from '../support/callback-queue.ts';

const callbacks = useCallbackQueue();

async function receive() {
  const { client, queueUrl: QueueUrl } = callbacks;
  const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl }));
  return Messages;
}

it("sends a job's id and nothing else", async () => {
  await callbacks.queue.send('0190-1');
  const [message] = await receive();
  expect(JSON.parse(message?.Body ?? '')).toEqual({ job_id: '0190-1' });
  expect(jobIdOfMessage(message?.Body ?? '')).toBe('0190-1');
  await callbacks.queue.postpone(message?.ReceiptHandle ?? '', 0);
  expect(await callbacks.take()).toEqual(['0190-1']);
});

it('hides a message for as long as it is told to', async () => {
  await callbacks.queue.send('0190-2');
  const [message] = await receive();
  await callbacks.queue.postpone(message?.ReceiptHandle ?? '', 43_200);
  expect(await callbacks.counts()).toEqual({ visible: 0, hidden: 1 });
  await callbacks.queue.postpone(message?.ReceiptHandle ?? '', 0);
  expect(await callbacks.take()).toEqual(['0190-2']);
});

it.each(['', 'text', '{}', '{"job_id": 1}'])('does not take %j for a message of its own', (body) => {
  expect(() => jobIdOfMessage(body)).toThrow();
});
