import * as v from 'valibot';
import { DataFolder } from '../data-folder.ts';
import { readLocalEnvironment } from '../env.ts';
import { findFfmpeg } from '../ffmpeg.ts';
import { startStack } from '../stack.ts';
import { UnrulyBus } from './event-fates.ts';

/** Makes a process of this program the service instead of what torments it. */
export const SERVICE_ARGUMENT = '--as-the-service';

/** What the service is told first. */
export interface ServiceOptions {
  readonly data: string;
  readonly port: number;
  readonly seed: number;
  /** How often the service was started before. */
  readonly start: number;
  /** The proxies' URLs by the names of their services. */
  readonly proxies: Readonly<Record<string, string>>;
}

/** What the service tells. */
export const serviceMessageSchema = v.union([
  v.object({ service: v.string(), url: v.string() }),
  v.object({ api: v.string(), webhook_secret: v.string(), creds: v.record(v.string(), v.string()) }),
]);

export type ServiceMessage = v.InferOutput<typeof serviceMessageSchema>;

/** Is told when faults are over. */
export const CALM = 'calm';

/** Reconciliation's minute is as long. */
const RECONCILE_EVERY_MS = 2000;

/** The service, in a process of its own that may be killed: it ends with the process that started it. */
export function runService(): void {
  process.once('message', (options: ServiceOptions) => {
    serve(options).catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
  });
}

async function serve({ data, port, seed, start, proxies }: ServiceOptions): Promise<void> {
  const folder = new DataFolder(data);
  const bus = new UnrulyBus(seed, start);
  process.on('message', (message) => message === CALM && bus.calm());
  const stack = await startStack({
    folder,
    environment: { ...readLocalEnvironment(), apiKeys: undefined },
    tools: findFfmpeg({ ...process.env }),
    port,
    reconcileEvery: RECONCILE_EVERY_MS,
    between: {
      async front(service, url) {
        tell({ service, url });
        return proxies[service] ?? url;
      },
      onEvent: (event, publish) => bus.take(event, publish),
    },
  });
  // Ctrl-C in a terminal is sent to every process in it, and to this one there is more to say.
  process.on('SIGINT', () => {});
  const end = () =>
    stack.close().then(() => {
      folder.release();
      process.exit(0);
    });
  process.once('SIGTERM', end);
  // Without the one who started it nobody would ever end it.
  process.once('disconnect', end);
  const { access_key_id, secret_access_key, webhook_secret } = stack.settings;
  tell({ api: stack.api, webhook_secret, creds: { access_key_id, secret_access_key } });
}

function tell(message: ServiceMessage): void {
  process.send?.(message);
}
