import { BatchClient, SubmitJobCommand } from '@aws-sdk/client-batch';
import { expect, it } from 'vitest';
import { limitRate } from '../../../local/batch/submit-rate.ts';
import { useBatch } from './harness.ts';

it('lets so many calls through in each second', () => {
  let now = 0;
  const check = limitRate(2, () => now);
  const passes = () => {
    try {
      check();
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: 'TooManyRequestsException', status: 429 });
      return false;
    }
  };
  expect([passes(), passes(), passes()]).toEqual([true, true, false]);
  now = 1000;
  expect([passes(), passes(), passes()]).toEqual([true, true, false]);
});

const harness = useBatch({ submitsPerSecond: 0 });

it("is what the SDK's client hears of", async () => {
  const { endpoint, region, credentials } = harness.client.config;
  const client = new BatchClient({
    endpoint: (await endpoint?.()) as never,
    region,
    credentials,
    maxAttempts: 1,
  });
  const submit = new SubmitJobCommand({ jobName: 'a', jobQueue: 'gpu', jobDefinition: 'worker' });
  await expect(client.send(submit)).rejects.toMatchObject({
    name: 'TooManyRequestsException',
    $metadata: { httpStatusCode: 429 },
  });
  client.destroy();
});
