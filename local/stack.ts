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
import { localFleet } from './local-plans.ts';
import { queueOwedCallbacks } from './owed-callbacks.ts';
import { KeptPorts } from './ports.ts';
import { NAMES } from './resources.ts';
import { behind, type Front, startStores, storesBehind } from './stores.ts';

/** What stands between the functions and workers and their AWS, as where its failures are tried out. */
export interface Between {
  readonly front: Front;
  /** Takes every event that Batch sends, and hands on to the bus what it likes, when it likes. */
  onEvent(
    event: BatchStateChangeEvent,
    publish: (event: BatchStateChangeEvent) => Promise<void>,
  ): Promise<void>;
}

const NOTHING_BETWEEN: Between = {
  front: async (_, url) => url,
  onEvent: (event, publish) => publish(event),
};

const MINUTE_MS = 60_000;

export interface StackOptions {
  readonly folder: DataFolder;
  readonly environment: LocalEnvironment;
  readonly tools: FfmpegTools;
  /** Of the API. 0 is any free one. */
  readonly port: number;
  /** @default nothing */
  readonly between?: Between;
  /** Milliseconds from one reconciliation to the next. @default a minute, as on AWS */
  readonly reconcileEvery?: number;
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
export async function startStack({
  folder,
  environment,
  tools,
  port,
  between = NOTHING_BETWEEN,
  reconcileEvery = MINUTE_MS,
}: StackOptions): Promise<LocalStack> {
  const settings = folder.settings();
  const ports = new KeptPorts(settings.ports);
  await killLeftFleet(folder);
  const stores = await startStores(folder, settings, ports);
  const seen = await storesBehind(between.front, stores);

  let functions: Promise<Functions>;
  const publish = async (event: BatchStateChangeEvent) => (await functions.then(eventBus)).publish(event);
  const onEvent = (event: BatchStateChangeEvent) => between.onEvent(event, publish);
  const batch = await ports.listen('batch', (at) =>
    startFleet({ folder, environment, tools, stores: seen, settings, port: at, onEvent }),
  );
  const callbackQueueUrl = seen.sqs.queueUrl(NAMES.callbackQueue);
  functions = behind(between.front, 'batch', batch).then(async (seenBatch) => {
    const loaded = await loadFunctions(
      functionEnvironment(seen, seenBatch, localFleet(folder, environment.split)),
    );
    // Before the first event, which may queue more of them.
    await queueOwedCallbacks(callbackQueueUrl);
    return loaded;
  });

  const { api, deliverCallback, submitJob, reconcileJobs } = await functions;
  const client = new SQSClient();
  const callbacks = startSqsEventSource({ client, queueUrl: callbackQueueUrl, handler: deliverCallback });
  const submissionQueueUrl = seen.sqs.queueUrl(NAMES.submissionQueue);
  const submissions = startSqsEventSource({ client, queueUrl: submissionQueueUrl, handler: submitJob });
  const reconciliation = startSchedule(reconcileJobs, reconcileEvery);
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
  const pattern = jobEndedPattern([NAMES.jobQueue, NAMES.packagingQueue].map(queueArn));
  return createEventBus({ rules: [{ name: 'job-ended', pattern, target: settleJob }] });
}
