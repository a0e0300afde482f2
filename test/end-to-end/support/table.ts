import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { NAMES } from '../../../local/resources.ts';
import type { Service } from './service.ts';

/** Where a part of a service's AWS listens. @param name `dynamodb`, `batch`, `sqs` and so on */
export function endpointOf({ dataDir }: Service, name: string): string {
  const { ports } = JSON.parse(readFileSync(join(dataDir, 'settings.json'), 'utf8'));
  return `http://127.0.0.1:${ports[name]}`;
}

/** Keys for the parts of AWS that do not look at them. */
export const anyKeys = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
} as const;

/** All that a service has in its table. */
export async function itemsOf(service: Service): Promise<Record<string, unknown>[]> {
  const client = new DynamoDBClient({ endpoint: endpointOf(service, 'dynamodb'), ...anyKeys });
  try {
    const { Items = [] } = await DynamoDBDocumentClient.from(client).send(
      new ScanCommand({ TableName: NAMES.table, ConsistentRead: true }),
    );
    return Items;
  } finally {
    client.destroy();
  }
}
