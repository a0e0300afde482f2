import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type Layout, readLayout } from '../../../batch-image/worker/layout.ts';
import { encodeArguments } from '../../../domain/media/ffmpeg-command.ts';
import { featuresOf } from '../../../domain/media/ffmpeg-version.ts';
import { framesBefore } from '../../../domain/mp4/sample-times.ts';
import { planRenditions } from '../../../domain/plan/renditions.ts';
import type { Span } from '../../../domain/plan/spans.ts';
import { parseJobRequest } from '../../../domain/request/job-request.ts';
import { findFfmpeg } from '../../../local/ffmpeg.ts';
import { type LocalServer, listenOnLoopback } from '../../../local/http-server.ts';
import { file } from '../../services/origin.ts';
import { runFfmpeg } from '../../support/clips/recipe.ts';
import { makeClip } from '../../support/ffmpeg.ts';
import { requestWith } from '../../support/requests.ts';
import { videoSource } from '../media/sources.ts';

/** Seconds, and frames a second, of the clip of which pieces are made. */
export const DURATION = 6;
export const RATE = 25;

const SIZE = { width: 64, height: 36 };

/** A file that ffmpeg has made of a span, or of the whole. */
export interface Piece extends Layout {
  readonly path: string;
  readonly bytes: Buffer;
  /** The span's own. */
  readonly frames: number;
}

export interface PieceMaker {
  /** Encodes a part of the clip as a worker does. */
  encode(span: Span | undefined, words?: object): Promise<Piece>;
  /** Writes bytes to a file. */
  write(name: string, ...parts: readonly Uint8Array[]): string;
}

const tools = findFfmpeg(process.env);

/** A small clip for all tests of a file, and a folder for what is made of it. */
export function usePieces(): PieceMaker {
  const folder = mkdtempSync(join(tmpdir(), 'octet-pieces-'));
  let server: LocalServer;
  let version: string;
  let count = 0;
  beforeAll(async () => {
    const picture = `testsrc2=size=${SIZE.width}x${SIZE.height}:rate=${RATE}:duration=${DURATION}`;
    const clip = await makeClip('clip.mp4', `-f lavfi -i ${picture} -c:v libx264 -g 15`);
    // What encodes may open nothing but what is served.
    server = await listenOnLoopback(file(clip));
    version = await runFfmpeg(tools, ['-version']);
  });
  afterAll(async () => {
    await server?.close();
    rmSync(folder, { recursive: true });
  });
  return {
    async encode(span, words = {}) {
      const path = join(folder, `${count++}.mp4`);
      const command = encodeArguments({
        url: server.url,
        source: videoSource({ ...SIZE, frameRate: RATE }),
        targets: [{ settings: settingsOf(words), path }],
        encoder: 'libx264',
        onGpu: false,
        span,
        duration: DURATION,
        features: featuresOf(version),
      });
      await runFfmpeg(tools, command);
      const layout = await readLayout(path);
      const frames = framesBefore(layout.header, span?.end ?? Infinity);
      return { ...layout, path, bytes: readFileSync(path), frames };
    },
    write(name, ...parts) {
      const path = join(folder, name);
      writeFileSync(path, Buffer.concat(parts));
      return path;
    },
  };
}

function settingsOf(words: object) {
  const outputs = [{ resolution: '64x36', cq: 30, ...words }];
  const { request } = parseJobRequest(JSON.stringify(requestWith({ outputs })));
  const [rendition] = planRenditions(request.outputs, { display: SIZE, frameRate: RATE });
  if (rendition === undefined) throw new Error('There is no rendition.');
  return rendition.settings;
}

/** A hash of each picture that is shown, in order. */
export async function picturesOf(path: string): Promise<string[]> {
  const lines = await runFfmpeg(tools, [
    '-xerror',
    '-i',
    path,
    '-vsync',
    'passthrough',
    '-f',
    'framemd5',
    '-',
  ]);
  return lines
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => line.split(',').at(-1) ?? '');
}
