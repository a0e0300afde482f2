import type { FfmpegTools } from '../ffmpeg.ts';
import type { Bench } from './bench.ts';
import { makeClip, repeatClip } from './clip.ts';
import type { Findings } from './figures.ts';
import type { Distance } from './range-server.ts';
import { type DecodingRuns, type ReaderRuns, readerFinding } from './reader-finding.ts';
import { runFfmpeg } from './run-ffmpeg.ts';
import { startRangeServer } from './start-range-server.ts';
import { startReader } from './start-reader.ts';
import { interleaved } from './statistics.ts';
import { takeTurns } from './take-turns.ts';
import { startClock, type Turn } from './turn.ts';

const CLIP_SECONDS = 5;

/** How often the clip is repeated in what is only read, and in what is decoded, too. */
const [TIMES_READ, TIMES_DECODED] = [24, 12];

/** Of those who decode. */
const TURN_MS = 300;

const LATENCY_MS = 50;
const MIB = 1024 * 1024;

/**
 * That S3 sends over a connection to a machine beside it:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance-design-patterns.html
 */
const S3_BYTES_PER_SECOND = 90e6;

/** Where the file is. */
const DISTANCES = {
  near: { latencyMs: 0 },
  s3: { latencyMs: 0, bytesPerSecond: S3_BYTES_PER_SECOND },
  slow: { latencyMs: LATENCY_MS },
  far: { latencyMs: LATENCY_MS, windowBytes: MIB },
  cut: { latencyMs: 0, cutEach: 20 },
} as const satisfies Record<string, Distance>;

export const READER_WAYS = [
  'file',
  ...[
    'near ffmpeg',
    'near reader',
    's3 ffmpeg',
    's3 reader',
    'slow ffmpeg',
    'slow reader',
    'far ffmpeg',
    'far reader',
    'cut reader',
  ],
] as const;

/** (d): reads files by the worker's reader, and by ffmpeg itself: all packets of one, and what a decoder makes of another. */
export async function measureReader(bench: Bench): Promise<Findings> {
  if (!bench.only.includes('d')) return {};
  bench.say('Reading a file from near and far.');
  return { d: readerFinding(await packetRuns(bench), await decodingRuns(bench)) };
}

async function packetRuns({ tools, rounds, folder }: Bench): Promise<ReaderRuns> {
  const path = await clipIn(folder, tools, TIMES_READ);
  const packets = (url: string) => readBy(tools, url, ['-c', 'copy', '-f', 'framecrc', '-']);
  return interleaved(READER_WAYS, rounds + 1, async (way) => {
    if (way === 'file') return { ...(await packets(path)), cuts: 0 };
    const [distance = '', who] = way.split(' ');
    const server = await startRangeServer(path, DISTANCES[distance as keyof typeof DISTANCES]);
    const run = await (who === 'reader' ? throughReader(server.url, packets) : packets(server.url));
    return { ...run, cuts: await server.close() };
  });
}

/** The two differ by little, so they take turns. */
async function decodingRuns({ tools, rounds, folder }: Bench): Promise<DecodingRuns> {
  const path = await clipIn(folder, tools, TIMES_DECODED);
  const runs = { ffmpeg: [] as Reading[], reader: [] as Reading[] };
  for (let round = 0; round < rounds; round++) {
    const done = await takeTurns(
      ['ffmpeg', 'reader'],
      (who, turn) => decode(tools, path, who, turn),
      () => TURN_MS,
    );
    runs.ffmpeg.push(done.ffmpeg);
    runs.reader.push(done.reader);
  }
  return runs;
}

async function decode(
  tools: FfmpegTools,
  path: string,
  who: 'ffmpeg' | 'reader',
  turn: Turn,
): Promise<Reading> {
  const server = await startRangeServer(path, DISTANCES.near);
  turn.add(server.pid);
  const read = (url: string) => readBy(tools, url, ['-f', 'null', '-'], turn);
  const reading = await (who === 'reader' ? throughReader(server.url, read, turn) : read(server.url));
  await server.close();
  return reading;
}

async function clipIn(folder: string, tools: FfmpegTools, times: number): Promise<string> {
  return repeatClip(tools, await makeClip(tools, folder, CLIP_SECONDS), times);
}

interface Reading {
  readonly seconds: number;
  /** What ffmpeg has printed of packets. */
  readonly packets: string;
}

async function readBy(
  tools: FfmpegTools,
  url: string,
  output: readonly string[],
  turn?: Turn,
): Promise<Reading> {
  const args = ['-v', 'error', '-nostdin', '-i', url, '-map', '0:v', ...output];
  const { stdout, seconds } = await runFfmpeg(tools, args, turn);
  return { seconds, packets: stdout };
}

/** Reads a URL as the worker does. */
async function throughReader(
  url: string,
  read: (url: string) => Promise<Reading>,
  turn?: Turn,
): Promise<Reading> {
  const reader = await startReader();
  turn?.add(reader.pid);
  const seconds = startClock(turn);
  try {
    const { packets } = await read(await reader.open(url));
    return { packets, seconds: seconds() };
  } finally {
    reader.close();
  }
}
