import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import { BlockReader } from '../../batch-image/worker/block-reader.ts';
import { serveInput } from '../../batch-image/worker/input-server.ts';
import { HttpInput } from '../../services/http-input.ts';
import type { Bench } from './bench.ts';
import { makeClip, repeatClip } from './clip.ts';
import type { Findings } from './figures.ts';
import type { Distance } from './range-server.ts';
import { type ReaderRuns, readerFinding } from './reader-finding.ts';
import { runFfmpeg } from './run-ffmpeg.ts';
import { startRangeServer } from './start-range-server.ts';
import { interleaved } from './statistics.ts';

const [CLIP_SECONDS, TIMES] = [5, 24];

const LATENCY_MS = 50;
const MIB = 1024 * 1024;

/** Where the file is. */
const DISTANCES = {
  near: { latencyMs: 0 },
  slow: { latencyMs: LATENCY_MS },
  far: { latencyMs: LATENCY_MS, windowBytes: MIB },
  cut: { latencyMs: 0, cutEach: 20 },
} as const satisfies Record<string, Distance>;

export const READER_WAYS = [
  'file',
  ...['near ffmpeg', 'near reader', 'slow ffmpeg', 'slow reader', 'far ffmpeg', 'far reader', 'cut reader'],
] as const;

/** (d): reads all packets of a file by the worker's reader, and by ffmpeg itself. */
export async function measureReader({ tools, only, rounds, folder, say }: Bench): Promise<Findings> {
  if (!only.includes('d')) return {};
  say('Reading a file from near and far.');
  const clip = join(folder, `clip-${CLIP_SECONDS}s.mp4`);
  await makeClip(tools, clip, CLIP_SECONDS);
  const path = join(folder, `clip-${CLIP_SECONDS * TIMES}s.mp4`);
  await repeatClip(tools, clip, path, TIMES);
  const packets = async (url: string) => {
    const args = ['-v', 'error', '-nostdin', '-i', url, '-map', '0:v', '-c', 'copy', '-f', 'framecrc', '-'];
    const { stdout, seconds } = await runFfmpeg(tools, args);
    return { seconds, packets: stdout };
  };
  const runs = await interleaved(READER_WAYS, rounds + 1, async (way) => {
    if (way === 'file') return { ...(await packets(path)), cuts: 0 };
    const [distance = '', who] = way.split(' ');
    const server = await startRangeServer(path, DISTANCES[distance as keyof typeof DISTANCES]);
    const run = await (who === 'reader' ? throughReader(server.url, packets) : packets(server.url));
    return { ...run, cuts: await server.close() };
  });
  return { d: readerFinding(runs as ReaderRuns) };
}

interface Packets {
  readonly seconds: number;
  readonly packets: string;
}

/** Reads a URL as the worker does. */
async function throughReader(url: string, read: (url: string) => Promise<Packets>): Promise<Packets> {
  const begun = performance.now();
  const ending = new AbortController();
  setMaxListeners(0, ending.signal);
  const input = await HttpInput.open(url, { allowPrivateHosts: true });
  const reader = new BlockReader(input, { signal: ending.signal });
  const server = await serveInput(reader);
  try {
    const { packets } = await read(server.url);
    return { packets, seconds: (performance.now() - begun) / 1000 };
  } finally {
    await server.close();
    reader.close();
    input.close();
  }
}
