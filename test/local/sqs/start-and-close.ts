import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startSqs } from '../../../local/sqs/server.ts';

/** A process of its own that ends by itself when nothing of the server is left. */
const sqs = await startSqs({ queues: [{ name: 'jobs', visibilityTimeoutSeconds: 30 }] });
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const client = new SQSClient({ endpoint: sqs.url, region: 'us-east-1', credentials, maxAttempts: 1 });
const poll = client.send(new ReceiveMessageCommand({ QueueUrl: sqs.queueUrl('jobs'), WaitTimeSeconds: 20 }));
const ended = poll.then(
  () => 'answered',
  () => 'cut off',
);
await client.send(new ReceiveMessageCommand({ QueueUrl: sqs.queueUrl('jobs') }));
await sqs.close();
console.log(`closed, poll ${await ended}`);
