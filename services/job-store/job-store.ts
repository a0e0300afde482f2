import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  PutCommand,
  paginateQuery,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { type JobError, LostRaceError } from '../../domain/errors.ts';
import { ATTENTION_ATTRIBUTES, type Attention, attentionFrom } from '../../domain/job/attention.ts';
import type {
  CallbackAttempt,
  JobRecord,
  JobSnapshot,
  NewJobRecord,
  Outcome,
} from '../../domain/job/job-record.ts';
import {
  END_STATES,
  type EndState,
  hasEnded,
  type JobState,
  statesBefore,
} from '../../domain/job/job-state.ts';
import { allOf, anyOf, compares, isMissing, isOneOf, type Update, updateExpression } from './expressions.ts';
import { callbackKey, chunkKey, type ItemKey, jobKey, jobPartition, packagingKey, workKey } from './items.ts';
import { lostRaceNamed } from './lost-race.ts';
import { snapshotOf } from './snapshot.ts';

/** How a job ends. */
export interface JobEnd {
  readonly status: EndState;
  readonly error?: JobError | undefined;
  /** Whether its owner is still to hear of it. */
  readonly owesCallback: boolean;
  readonly at: Date;
}

export interface JobStoreOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** Days after which a job may be forgotten. @default 90 */
  readonly retentionDays?: number;
}

const DAY_S = 24 * 3600;

/** The states into which a worker moves its job. */
export type WorkState = Exclude<JobState, 'created' | EndState>;

const STEP_TIMES: Readonly<Record<WorkState, string>> = {
  encode_in_progress: 'started_at',
  encode_complete: 'encoded_at',
  // Noted once, so that what has come so far has been encoded even where the step before was passed over.
  packaging_in_progress: 'encoded_at',
};

const isLive = isOneOf('status', statesBefore('complete'));

/**
 * The jobs in DynamoDB. Every write is conditional: it happens in the state that it is meant for, or throws LostRaceError.
 */
export class JobStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #retentionS: number;

  constructor({ client, tableName, retentionDays = 90 }: JobStoreOptions) {
    this.#client = DynamoDBDocumentClient.from(client, {
      marshallOptions: { removeUndefinedValues: true },
    });
    this.#table = tableName;
    this.#retentionS = retentionDays * DAY_S;
  }

  /** Stores a new job. @throws LostRaceError when its id is taken */
  async create(job: NewJobRecord): Promise<void> {
    const at = new Date(job.created_at);
    const expires_at = this.#expiryOf(at.getTime());
    const { text, names } = isMissing('pk');
    await lostRaceNamed(
      this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: { ...jobKey(job.job_id), ...job, ...attentionFrom('submission', at), expires_at },
          ConditionExpression: text,
          ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
        }),
      ),
    );
  }

  /** Takes back a job that could not be submitted, unless a worker has taken it on. */
  async remove(jobId: string): Promise<void> {
    const { text, names } = isMissing('claimed_by');
    await lostRaceNamed(
      this.#client.send(
        new DeleteCommand({
          TableName: this.#table,
          Key: jobKey(jobId),
          ConditionExpression: text,
          ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
        }),
      ),
    );
  }

  /** A job with its progress and its callbacks' attempts; undefined when there is none of this id. */
  async load(jobId: string): Promise<JobSnapshot | undefined> {
    const pages = paginateQuery(
      { client: this.#client },
      {
        TableName: this.#table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': jobPartition(jobId) },
        ConsistentRead: true,
      },
    );
    const items: Record<string, unknown>[] = [];
    for await (const { Items = [] } of pages) items.push(...Items);
    return snapshotOf(items);
  }

  /** Notes the Batch job that was submitted for a job. */
  async recordSubmission(jobId: string, batchJobId: string, at: Date): Promise<void> {
    const setOnce = { batch_job_id: batchJobId, submitted_at: at.toISOString() };
    const key = jobKey(jobId);
    try {
      await this.#update(key, { set: attentionFrom('end', at), setOnce, when: isLive });
    } catch (error) {
      if (!(error instanceof LostRaceError)) throw error;
      // Its worker was quicker than this note.
      await this.#update(key, { setOnce, when: isOneOf('status', END_STATES) });
    }
  }

  /** Notes the array of Batch jobs that encode a split job. */
  async recordEncoding(jobId: string, encodeJobId: string): Promise<void> {
    await this.#update(jobKey(jobId), { set: { encode_job_id: encodeJobId }, when: isLive });
  }

  /** Takes a job on for a Batch job's worker; later attempts of the same Batch job take it on again. */
  async claim(jobId: string, batchJobId: string): Promise<void> {
    const isFree = anyOf(isMissing('claimed_by'), compares('claimed_by', '=', batchJobId));
    await this.#update(jobKey(jobId), { set: { claimed_by: batchJobId }, when: allOf(isLive, isFree) });
  }

  /**
   * Moves a job forward on its worker's word, and notes when. Where an earlier attempt of the worker has come as far,
   * nothing changes.
   *
   * @throws LostRaceError when the job has ended meanwhile
   */
  async advance(jobId: string, to: WorkState, at: Date): Promise<void> {
    try {
      await this.#update(jobKey(jobId), {
        set: { status: to },
        setOnce: { [STEP_TIMES[to]]: at.toISOString() },
        when: isOneOf('status', statesBefore(to)),
      });
    } catch (error) {
      if (!(error instanceof LostRaceError)) throw error;
      const status = (await this.load(jobId))?.job.status;
      if (status === undefined || hasEnded(status)) throw error;
    }
  }

  /** Raises the progress of one encoding worker. @param fraction from 0 to 1; a lower one than before is left out */
  async recordEncoded(jobId: string, chunk: number, fraction: number): Promise<void> {
    await this.#raise(chunkKey(jobId, chunk), 'encoded', fraction);
  }

  /** Raises the progress of the packaging. @param fraction from 0 to 1; a lower one than before is left out */
  async recordPackaged(jobId: string, fraction: number): Promise<void> {
    await this.#raise(packagingKey(jobId), 'packaged', fraction);
  }

  /** Writes down what a Batch job has taken of a machine to encode. */
  async recordEncodingSeconds(jobId: string, batchJobId: string, seconds: number): Promise<void> {
    await this.#update(workKey(jobId, batchJobId), {
      set: { seconds, expires_at: this.#expiryOf(Date.now()) },
    });
  }

  /** Writes down what a job's worker has come to. The first word counts. */
  async recordOutcome(jobId: string, outcome: Outcome, at: Date): Promise<void> {
    await this.#update(jobKey(jobId), {
      set: { outcome, packaged_at: outcome.outputs === undefined ? undefined : at.toISOString() },
      when: allOf(isLive, isMissing('outcome')),
    });
  }

  /** Ends a job and removes its secrets. @throws LostRaceError when it has ended already */
  async end(jobId: string, { status, error, owesCallback, at }: JobEnd): Promise<void> {
    const attention = owesCallback ? attentionFrom('callback', at) : {};
    await this.#update(jobKey(jobId), {
      set: { status, error, finished_at: at.toISOString(), ...attention },
      remove: ['sealed_work', ...(owesCallback ? [] : ATTENTION_ATTRIBUTES)],
      when: isLive,
    });
  }

  /** Has a job looked at again later. @throws LostRaceError when it no longer needs that attention */
  async postpone(jobId: string, attention: Attention, now: Date): Promise<void> {
    await this.#update(jobKey(jobId), {
      set: attentionFrom(attention, now),
      when: isOneOf('attention', [attention]),
    });
  }

  /** Has nobody look at a job any more. */
  async settleAttention(jobId: string, attention: Attention): Promise<void> {
    await this.#update(jobKey(jobId), {
      remove: ATTENTION_ATTRIBUTES,
      when: isOneOf('attention', [attention]),
    });
  }

  /** Moves a job's callback on. @throws LostRaceError when it is in none of the states `from` */
  async moveCallback(
    jobId: string,
    from: readonly NonNullable<JobRecord['callback_status']>[],
    to: NonNullable<JobRecord['callback_status']>,
  ): Promise<void> {
    await this.#update(jobKey(jobId), {
      set: { callback_status: to, ...(to === 'waiting' && attentionFrom('callback', new Date())) },
      remove: to === 'waiting' ? [] : ATTENTION_ATTRIBUTES,
      when: isOneOf('callback_status', from),
    });
  }

  /** Writes down one try to deliver a callback. */
  async recordCallbackAttempt(jobId: string, attempt: CallbackAttempt): Promise<void> {
    const expires_at = this.#expiryOf(Date.parse(attempt.at));
    await this.#update(callbackKey(jobId, attempt.attempt), { set: { ...attempt, expires_at } });
  }

  async #raise(key: ItemKey, name: string, fraction: number): Promise<void> {
    const set = { [name]: fraction, expires_at: this.#expiryOf(Date.now()) };
    try {
      await this.#update(key, { set, when: anyOf(isMissing(name), compares(name, '<', fraction)) });
    } catch (error) {
      if (!(error instanceof LostRaceError)) throw error;
    }
  }

  /**
   * When DynamoDB may remove an item. Each has a time of its own, since items are not removed with their job's.
   *
   * @param from milliseconds since 1970
   * @returns seconds since 1970
   */
  #expiryOf(from: number): number {
    return Math.floor(from / 1000) + this.#retentionS;
  }

  async #update(key: ItemKey, update: Update): Promise<void> {
    const command = new UpdateCommand({ TableName: this.#table, Key: key, ...updateExpression(update) });
    await lostRaceNamed(this.#client.send(command));
  }
}
