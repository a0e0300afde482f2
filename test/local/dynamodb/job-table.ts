import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

/** A table with a dense and a sparse index, as jobs have. */
export const jobTable: CreateTableCommandInput = {
  TableName: 'jobs',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['pk', 'sk', 'tenant', 'created_at', 'attention'].map((name) => ({
    AttributeName: name,
    AttributeType: 'S',
  })),
  KeySchema: keys('pk', 'sk'),
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by_tenant',
      KeySchema: keys('tenant', 'created_at'),
      Projection: { ProjectionType: 'ALL' },
    },
    { IndexName: 'by_attention', KeySchema: keys('attention'), Projection: { ProjectionType: 'KEYS_ONLY' } },
  ],
};

function keys(hash: string, range?: string) {
  const schema = [{ AttributeName: hash, KeyType: 'HASH' as const }];
  return range === undefined ? schema : [...schema, { AttributeName: range, KeyType: 'RANGE' as const }];
}
