import { BatchClient } from '@aws-sdk/client-batch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DEFAULT_INPUT_LIMITS } from '../../../domain/media/input-limits.ts';
import { apiHandler } from '../../../lambdas/api/api-handler.ts';
import { startApiGateway } from '../../../local/api-gateway/server.ts';
import { type LocalServer, listenOnLoopback, sendJson } from '../../../local/http-server.ts';
import { NAMES } from '../../../local/resources.ts';
import { createJob } from '../../../services/create-job.ts';
import { JobMessageQueue } from '../../../services/job-message-queue.ts';
import { JobStore } from '../../../services/job-store/job-store.ts';
import { SecretBox } from '../../../services/secrets/secret-box.ts';
import { batchQueue } from '../../support/batch-queue.ts';
import { fleetWith } from '../../support/fleet.ts';
import type { Service } from './service.ts';
import { anyKeys, endpointOf } from './table.ts';

/** The create call over the table and the key of a service, and over a Batch that refuses every job. */
export async function startWithRefusingBatch(service: Service): Promise<LocalServer> {
  const batch = await listenOnLoopback((_, response) => {
    const message = 'JobQueue octet-jobs is disabled.';
    sendJson(response, 400, { message }, { 'x-amzn-errortype': 'ClientException' });
  });
  const at = (endpoint: string) => ({ endpoint, ...anyKeys });
  const dynamodb = new DynamoDBClient(at(endpointOf(service, 'dynamodb')));
  const kms = new KMSClient(at(endpointOf(service, 'kms')));
  const sqs = new SQSClient(at(endpointOf(service, 'sqs')));
  const client = new BatchClient(at(batch.url));
  const services = {
    jobs: new JobStore({ client: dynamodb, tableName: NAMES.table }),
    secrets: new SecretBox({ client: kms, keyId: NAMES.key }),
    queue: batchQueue(client),
    submissions: new JobMessageQueue({
      client: sqs,
      queueUrl: `${endpointOf(service, 'sqs')}/000000000000/none`,
    }),
    addresses: { allowPrivateHosts: true },
    inputLimits: DEFAULT_INPUT_LIMITS,
    fleet: fleetWith(),
  };
  const handler = apiHandler(({ tenant, body }) => createJob(services, tenant, body));
  const gateway = await startApiGateway({ routes: [{ method: 'POST', path: '/v0/jobs/create', handler }] });
  const close = async () => {
    for (const each of [dynamodb, kms, sqs, client]) each.destroy();
    await Promise.all([gateway.close(), batch.close()]);
  };
  return { ...gateway, close };
}
