import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { LostRaceError } from '../../domain/errors.ts';
import { idempotencyKey } from './items.ts';
import { lostRaceNamed } from './lost-race.ts';

const recordSchema = v.object({
  /** Of the body that came first with the key. */
  body_hash: v.string(),
  /** The id that the job has, or is going to have. */
  job_id: v.string(),
  /** Milliseconds since 1970. */
  begun_at: v.number(),
  /** Missing while the request is being answered. */
  answer: v.optional(v.object({ job_id: v.string(), warnings: v.array(v.string()) })),
});

/** What is known of a request that came with an idempotency key. */
export type IdempotencyRecord = v.InferOutput<typeof recordSchema>;

export interface IdempotencyStoreOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

/** For how long a key is remembered. */
const LIFETIME_MS = 24 * 3600 * 1000;

/** Which requests came already, by their tenants' idempotency keys. */
export class IdempotencyStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor({ client, tableName }: IdempotencyStoreOptions) {
    this.#client = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
    this.#table = tableName;
  }

  /** What came with a key before; undefined when nothing did within a day, whether DynamoDB has removed it or not. */
  async find(tenant: string, key: string, now: Date): Promise<IdempotencyRecord | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: idempotencyKey(tenant, key), ConsistentRead: true }),
    );
    const record = Item && v.parse(recordSchema, Item);
    return record && record.begun_at > now.getTime() - LIFETIME_MS ? record : undefined;
  }

  /**
   * Writes down what is known of a request.
   *
   * @param before what was known; undefined for nothing
   * @throws LostRaceError when another request has written meanwhile
   */
  async put(
    tenant: string,
    key: string,
    record: IdempotencyRecord,
    before?: IdempotencyRecord,
  ): Promise<void> {
    await lostRaceNamed(
      this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: {
            ...idempotencyKey(tenant, key),
            ...record,
            expires_at: Math.ceil((record.begun_at + LIFETIME_MS) / 1000),
          },
          ConditionExpression: 'attribute_not_exists(pk) OR begun_at = :begun OR begun_at <= :forgotten',
          ExpressionAttributeValues: {
            ':begun': before?.begun_at ?? 0,
            ':forgotten': record.begun_at - LIFETIME_MS,
          },
        }),
      ),
    );
  }

  /** Forgets a request that was refused, so that it may come again. */
  async forget(tenant: string, key: string, record: IdempotencyRecord): Promise<void> {
    try {
      await lostRaceNamed(
        this.#client.send(
          new DeleteCommand({
            TableName: this.#table,
            Key: idempotencyKey(tenant, key),
            ConditionExpression: 'begun_at = :begun',
            ExpressionAttributeValues: { ':begun': record.begun_at },
          }),
        ),
      );
    } catch (error) {
      if (!(error instanceof LostRaceError)) throw error;
    }
  }
}
