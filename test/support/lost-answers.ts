import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { onTestFinished } from 'vitest';
import { JobStore } from '../../services/job-store/job-store.ts';
import { dynamoDbClient, tableName } from './job-store.ts';

/** The writes of a job store. */
type Write = 'PutItemCommand' | 'UpdateItemCommand';

/**
 * A job store that hears nothing of the first try of each write: it has happened, and the SDK sends it again, which then finds
 * its own doing in its way.
 */
export function storeThatLosesAnswers(endpoint: string, write: Write): JobStore {
  const client: DynamoDBClient = dynamoDbClient(endpoint);
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === write) await next(args);
        return next(args);
      },
    { step: 'finalizeRequest', priority: 'low' },
  );
  onTestFinished(() => client.destroy());
  return new JobStore({ client, tableName });
}
