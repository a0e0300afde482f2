import { SQSClient } from '@aws-sdk/client-sqs';
import { API_ROUTES } from '../domain/api-routes.ts';
import { jobEndedPattern } from '../domain/batch/job-ended-event.ts';
import { startApiGateway } from './api-gateway/server.ts';
import { queueArn } from './batch/names.ts';
import type { BatchStateChangeEvent } from './batch/server.ts';
import type { DataFolder, Settings } from './data-folder.ts';
import type { LocalEnvironment } from './env.ts';
import { createEventBus, type EventBus } from './events/bus.ts';
import { startSchedule } from './events/schedule.ts';
import type { FfmpegTools } from './ffmpeg.ts';
import { killLeftFleet, startFleet } from './fleet.ts';
import { functionEnvironment } from './function-environment.ts';
import { type Functions, loadFunctions } from './functions.ts';
import { startSqsEventSource } from './lambda/sqs-event-source.ts';
import { queueOwedCallbacks } from './owed-callbacks.ts';
import { KeptPorts } from './ports.ts';
import { NAMES } from './resources.ts';
import { startStores } from './stores.ts';

const RECONCILE_EVERY_MS = 60_000;

export interface StackOptions {
  readonly folder: DataFolder;
  readonly environment: LocalEnvironment;
  readonly tools: FfmpegTools;
  /** Of the API. 0 is any free one. */
  readonly port: number;
}

/** Octet on one machine. */
export interface LocalStack {
  readonly api: string;
  readonly s3: string;
  readonly bucket: string;
  readonly settings: Settings;
  /** Ends everything, workers too: the next start on the same folder takes their jobs up again. */
  close(): Promise<void>;
}

/** Starts the services, the functions between them, and the API. */
export async function startStack({ folder, environment, tools, port }: StackOptions): Promise<LocalStack> {
  const settings = folder.settings();
  const ports = new KeptPorts(settings.ports);
  await killLeftFleet(folder);
  const stores = await startStores(folder, settings, ports);

  let functions: Promise<Functions>;
  const onEvent = async (event: BatchStateChangeEvent) => (await functions.then(eventBus)).publish(event);
  const batch = await ports.listen('batch', (at) =>
    startFleet({ folder, environment, tools, stores, port: at, onEvent }),
  );
  const callbackQueueUrl = stores.sqs.queueUrl(NAMES.callbackQueue);
  functions = loadFunctions(functionEnvironment(stores, batch)).then(async (loaded) => {
    // Before the first event, which may queue more of them.
    await queueOwedCallbacks(callbackQueueUrl);
    return loaded;
  });

  const { api, deliverCallback, submitJob, reconcileJobs } = await functions;
  const client = new SQSClient();
  const callbacks = startSqsEventSource({ client, queueUrl: callbackQueueUrl, handler: deliverCallback });
  const submissionQueueUrl = stores.sqs.queueUrl(NAMES.submissionQueue);
  const submissions = startSqsEventSource({ client, queueUrl: submissionQueueUrl, handler: submitJob });
  const reconciliation = startSchedule(reconcileJobs, RECONCILE_EVERY_MS);
  const gateway = await startApiGateway({
    routes: API_ROUTES.map((route) => ({ ...route, handler: api[route.function] })),
    apiKeys: environment.apiKeys,
    port,
  });
  folder.save({ ...settings, ports: ports.all });

  return {
    api: gateway.url,
    s3: stores.s3.url,
    bucket: NAMES.bucket,
    settings,
    async close() {
      await gateway.close();
      await batch.close({ endWorkers: true });
      await Promise.all([callbacks.close(), submissions.close(), reconciliation.close()]);
      client.destroy();
      await Promise.all(Object.values(stores).map((store) => store.close()));
    },
  };
}

function eventBus({ settleJob }: Functions): EventBus<BatchStateChangeEvent> {
  const pattern = jobEndedPattern([queueArn(NAMES.jobQueue)]);
  return createEventBus({ rules: [{ name: 'job-ended', pattern, target: settleJob }] });
}
