import { setMaxListeners } from 'node:events';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { AWS_CLIENT_LIMITS } from '../../services/aws-client-limits.ts';
import { JobStore } from '../../services/job-store/job-store.ts';
import { ONE_CONNECTION_POOL, PUT_ATTEMPTS } from '../../services/put-file.ts';
import { SecretBox } from '../../services/secrets/secret-box.ts';
import { readEnvironment } from './env.ts';
import { runJob } from './run-job.ts';

const environment = readEnvironment();
const services = {
  environment,
  jobs: new JobStore({
    client: new DynamoDBClient(AWS_CLIENT_LIMITS),
    tableName: environment.tableName,
    retentionDays: environment.retentionDays,
  }),
  secrets: new SecretBox({ client: new KMSClient(AWS_CLIENT_LIMITS), keyId: environment.keyId }),
  scratch: new S3Client({ ...AWS_CLIENT_LIMITS, ...ONE_CONNECTION_POOL, maxAttempts: PUT_ATTEMPTS }),
};

// Batch sends it when a job is cancelled or runs too long, and before a Spot instance goes.
const termination = new AbortController();
// Each range of the input that is on its way listens to it, so there is no telling how many do.
setMaxListeners(0, termination.signal);
process.once('SIGTERM', () => termination.abort(new Error('The worker was told to end.')));

const exitCode = await runJob(services, termination.signal);
// Connections that are kept alive must not keep the machine.
process.exit(exitCode);
