import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LocalServer, listenOnLoopback } from '../http-server.ts';
import { percentile } from '../simulation/percentile.ts';
import { Connections } from './connections.ts';
import { bodyOf } from './jobs.ts';
import { ServiceProcess } from './service-process.ts';

export interface BurstOptions {
  /** For the service's data. */
  readonly folder: string;
  readonly jobs: number;
  readonly connections: number;
  /** How many jobs the local Batch takes in a second. @default as many as Batch */
  readonly submitsPerSecond?: number;
}

export interface BurstResult {
  readonly accepted: number;
  /** Accepted, and there is no such job. */
  readonly lost: number;
  /** Made twice, at once or when the request came again. */
  readonly doubled: number;
  /** Never submitted to Batch. */
  readonly unsubmitted: number;
  readonly per_second: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
}

/** After the last answer, for what waits to be submitted: as long as Batch would need, and two minutes. */
const PATIENCE_MS = 120_000;
const BATCH_RATE = 50;

/**
 * Creates many jobs at once on a service of their own, sends each request again with the same idempotency key, and counts
 * what became of them. The jobs do nothing.
 */
export async function burst({
  folder,
  jobs,
  connections,
  submitsPerSecond,
}: BurstOptions): Promise<BurstResult> {
  const input = await serveHeader();
  const idle = join(folder, 'idle-worker.mjs');
  writeFileSync(idle, '');
  const service = await ServiceProcess.start(join(folder, 'burst'), {
    OCTET_LOCAL_WORKER: idle,
    ...(submitsPerSecond !== undefined && { OCTET_LOCAL_SUBMITS_PER_SECOND: String(submitsPerSecond) }),
  });
  const api = new Connections(service.endpoints.api, connections);
  try {
    const output = { codec: 'h264', resolution: '64x36', dest_path: 'out.mp4' } as const;
    const body = bodyOf({ url: `${input.url}/in.flv`, outputs: [output] }, service.endpoints);
    const keys = Array.from({ length: jobs }, () => randomUUID());
    const begun = performance.now();
    const first = await api.createAll(keys, body);
    const seconds = (performance.now() - begun) / 1000;
    const again = await api.createAll(keys, body);
    const ids = new Set(first.map(({ id }) => id));
    const patience = PATIENCE_MS + (1000 * jobs) / (submitsPerSecond ?? BATCH_RATE);
    const listed = await api.listSubmitted(ids.size, patience);
    const times = first.map(({ ms }) => ms);
    return {
      accepted: ids.size,
      lost: [...ids].filter((id) => !listed.has(id)).length,
      doubled: listed.size - ids.size + again.filter(({ id }, index) => id !== first[index]?.id).length,
      unsubmitted: [...listed.values()].filter((status) => status === 'created').length,
      per_second: Math.round(jobs / seconds),
      p50_ms: Math.round(percentile(times, 0.5)),
      p99_ms: Math.round(percentile(times, 0.99)),
    };
  } finally {
    api.close();
    await Promise.all([service.stop(), input.close()]);
  }
}

/** A small file that has a video stream, as far as its header is looked at. */
function serveHeader(): Promise<LocalServer> {
  const file = Buffer.concat([Buffer.from('FLV\x01\x01\0\0\0\x09', 'latin1'), Buffer.alloc(1000)]);
  return listenOnLoopback((request, response) => {
    const [, from = '0', to = ''] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? [];
    const end = Math.min(to === '' ? file.length - 1 : Number(to), file.length - 1);
    const range = `bytes ${from}-${end}/${file.length}`;
    response.writeHead(206, { 'content-range': range, 'content-type': 'video/x-flv' });
    response.end(file.subarray(Number(from), end + 1));
  });
}
