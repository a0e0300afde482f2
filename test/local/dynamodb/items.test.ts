import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, QueryCommand, type QueryCommandInput, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { getJob, job, put, table, useDynamoDb } from './harness.ts';

const harness = useDynamoDb();

/** A query for keys, whose values stand in the condition as `:0` and `:1`. */
function where(condition: string, values: string[], more: Partial<QueryCommandInput> = {}) {
  const named = values.map((value, n) => [`:${n}`, value]);
  return {
    ...table,
    KeyConditionExpression: condition,
    ExpressionAttributeValues: Object.fromEntries(named),
    ...more,
  };
}

/** The sort keys that a query finds. */
async function find(input: QueryCommandInput) {
  const { Items = [] } = await harness.documents.send(new QueryCommand(input));
  return Items.map(({ sk }) => sk);
}

describe('a conditional write', () => {
  it('that meets another item than it needs is refused, and changes nothing', async () => {
    const first = new PutCommand({ ...table, Item: job, ConditionExpression: 'attribute_not_exists(pk)' });
    await harness.documents.send(first);
    await expect(harness.documents.send(first)).rejects.toBeInstanceOf(ConditionalCheckFailedException);
    const update = new UpdateCommand({
      ...table,
      Key: { pk: job.pk, sk: job.sk },
      UpdateExpression: 'SET #state = :complete',
      ConditionExpression: '#state = :encoding',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':complete': 'complete', ':encoding': 'encoding' },
    });
    await expect(harness.documents.send(update)).rejects.toBeInstanceOf(ConditionalCheckFailedException);
    expect(await getJob(harness)).toEqual(job);
  });

  it('is won by one of many that run at once', async () => {
    await put(harness, job);
    const takes = Array.from({ length: 20 }, (_, owner) =>
      harness.documents.send(
        new UpdateCommand({
          ...table,
          Key: { pk: job.pk, sk: job.sk },
          UpdateExpression: 'SET taken_by = :owner',
          ConditionExpression: 'attribute_not_exists(taken_by)',
          ExpressionAttributeValues: { ':owner': owner },
        }),
      ),
    );
    const results = await Promise.allSettled(takes);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('a query', () => {
  beforeEach(async () => {
    for (const sk of ['chunk#0002', 'job', 'chunk#0001', 'callback#1'])
      await put(harness, { pk: 'job#1', sk });
    await put(harness, { pk: 'job#2', sk: 'job', tenant: 'a', created_at: '2' });
    await put(harness, { pk: 'job#3', sk: 'j3', tenant: 'a', created_at: '1', attention: 'owed' });
    await put(harness, { pk: 'job#4', sk: 'j4', tenant: 'b', created_at: '3' });
  });

  const byTenant = { IndexName: 'by_tenant' };
  const byAttention = { IndexName: 'by_attention' };
  const all = ['callback#1', 'chunk#0001', 'chunk#0002', 'job'];

  it.each([
    ['one partition, in order', all, where('pk = :0', ['job#1'])],
    ['a range of it', all.slice(1, 3), where('pk = :0 AND begins_with(sk, :1)', ['job#1', 'chunk#'])],
    ['what an index holds', ['j3', 'job'], where('tenant = :0', ['a'], byTenant)],
    ['it backwards', ['job', 'j3'], where('tenant = :0', ['a'], { ...byTenant, ScanIndexForward: false })],
    ['only items with its key in a sparse index', ['j3'], where('attention = :0', ['owed'], byAttention)],
  ])('finds %s', async (_, found, input) => {
    expect(await find(input)).toEqual(found);
  });

  it('goes on where its page ended', async () => {
    const page = where('pk = :0', ['job#1']);
    const { LastEvaluatedKey } = await harness.documents.send(new QueryCommand({ ...page, Limit: 3 }));
    expect(LastEvaluatedKey).toEqual({ pk: 'job#1', sk: 'chunk#0002' });
    expect(await find({ ...page, ExclusiveStartKey: LastEvaluatedKey })).toEqual(['job']);
  });

  it('no longer finds an item whose key of the sparse index was removed', async () => {
    const Key = { pk: 'job#3', sk: 'j3' };
    const update = new UpdateCommand({ ...table, Key, UpdateExpression: 'REMOVE attention' });
    await harness.documents.send(update);
    expect(await find(where('attention = :0', ['owed'], byAttention))).toEqual([]);
  });
});
