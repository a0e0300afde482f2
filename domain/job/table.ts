/** The keys and indexes of the one DynamoDB table. All keys are strings. */
export const JOB_TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Seconds since 1970 after which DynamoDB may remove an item. */
  timeToLive: 'expires_at',
  indexes: {
    /** A tenant's jobs by age: job ids are UUIDs of version 7, which sort by time. */
    by_tenant: { partitionKey: 'tenant', sortKey: 'job_id' },
    /** Jobs that something is still to be done for; sparse. */
    by_attention: { partitionKey: 'attention', sortKey: 'attention_at' },
  },
} as const;
