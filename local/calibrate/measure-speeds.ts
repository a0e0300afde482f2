import { mkdirSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { pictureLabel } from '../../domain/media/picture-graph.ts';
import type { Picture } from '../../domain/media/pictures.ts';
import { weight } from '../../domain/plan/encode-time.ts';
import type { HostSpeeds } from '../../domain/plan/fleet.ts';
import { PRESETS, type Preset } from '../../domain/request/output.ts';
import type { Bench } from '../bench/bench.ts';
import { CLIP_RATE, makeClip } from '../bench/clip.ts';
import { clipPictureGraph, oneCommand } from '../bench/commands.ts';
import { targetsIn } from '../bench/encodes.ts';
import { ladderRenditions } from '../bench/ladder.ts';
import { runFfmpeg } from '../bench/run-ffmpeg.ts';
import { ServiceProcess } from '../bench/service-process.ts';
import { interleaved, median } from '../bench/statistics.ts';
import type { FfmpegTools } from '../ffmpeg.ts';
import { measureJobs } from './measure-jobs.ts';
import { hostSpeeds, type Speeds, speedsOf, type Timed } from './speeds.ts';

/** Of two clips: what the longer one takes more is the frames' alone, without the start and the end of a process. */
const [SHORT_S, LONG_S] = [1, 5];

const ROUNDS = 3;

/** Where clips are kept, where all else goes, and who hears how far it is. */
export type Calibration = Pick<Bench, 'tools' | 'folder' | 'scratch' | 'say'>;

/**
 * Measures how fast this machine decodes, scales, encodes by preset, begins and ends a job. It takes some minutes.
 *
 * @param presets whose speed is wanted; the others count as the first of them
 */
export async function measureSpeeds(
  calibration: Calibration,
  presets: readonly [Preset, ...Preset[]] = PRESETS,
): Promise<Speeds> {
  const { scratch, say } = calibration;
  say('Measuring how fast this machine is.');
  const clips = await makeClips(calibration);
  const host = await measureHost(clips, presets, calibration);
  const service = await ServiceProcess.start(join(scratch, 'calibrate-service'));
  try {
    const { small, large } = await measureJobs(service, clips.long, LONG_S * CLIP_RATE);
    return speedsOf(host, small, large);
  } finally {
    await service.stop();
  }
}

interface Clips {
  readonly short: string;
  readonly long: string;
}

async function makeClips({ tools, folder }: Calibration): Promise<Clips> {
  return { short: await makeClip(tools, folder, SHORT_S), long: await makeClip(tools, folder, LONG_S) };
}

async function measureHost(
  { short, long }: Clips,
  presets: readonly [Preset, ...Preset[]],
  { tools, scratch, say }: Calibration,
): Promise<HostSpeeds> {
  const pictures = ladderRenditions('medium', CLIP_RATE).map(({ settings }) => settings);
  const out = join(scratch, 'calibrate');
  mkdirSync(out, { recursive: true });
  const longerBy = async (measure: (clip: string) => Promise<number>) => {
    const runs = await interleaved(['short', 'long'], ROUNDS, (each) =>
      measure(each === 'short' ? short : long),
    );
    return median(runs.long.map((seconds, round) => seconds - (runs.short[round] ?? Number.NaN)));
  };
  // Processors that have rested are faster for some seconds than they are at work.
  await runFfmpeg(tools, oneCommand(long, targetsIn(out, ladderRenditions(presets[0], CLIP_RATE))));
  const timesOf = new Map<Preset, number>();
  for (const preset of presets) {
    const targets = targetsIn(out, ladderRenditions(preset, CLIP_RATE));
    const seconds = await longerBy(
      async (clip) => (await runFfmpeg(tools, oneCommand(clip, targets))).seconds,
    );
    timesOf.set(preset, seconds);
    say(`  ${preset}: ${seconds.toFixed(1)} s for ${LONG_S - SHORT_S} s`);
  }
  const encode = PRESETS.map((preset) => [preset, timesOf.get(preset) ?? timesOf.get(presets[0])]);
  const timed: Timed = {
    cores: availableParallelism(),
    frames: (LONG_S - SHORT_S) * CLIP_RATE,
    weight: pictures.reduce((sum, { size }) => sum + weight(size), 0),
    renditions: pictures.length,
    decodeCpu: await longerBy((clip) => cpuOf(decodeArguments(clip), tools)),
    scaleCpu: await longerBy((clip) => cpuOf(scaleArguments(clip, pictures), tools)),
    encode: Object.fromEntries(encode) as Record<Preset, number>,
  };
  return hostSpeeds(`${timed.cores} cores (${cpus()[0]?.model.trim() ?? 'of an unknown kind'})`, timed);
}

function decodeArguments(clip: string): string[] {
  return ['-i', clip, '-map', '0:v', '-f', 'null', '-'];
}

/** Makes the pictures of every rendition, and drops them. */
function scaleArguments(clip: string, pictures: readonly Picture[]): string[] {
  const outputs = pictures.flatMap((_, index) => ['-map', pictureLabel(index), '-f', 'null', '-']);
  return ['-i', clip, '-filter_complex', clipPictureGraph(pictures), ...outputs];
}

/** Seconds of processor time. @throws Error where ffmpeg does not tell */
async function cpuOf(args: readonly string[], tools: FfmpegTools): Promise<number> {
  const { stderr } = await runFfmpeg(tools, ['-hide_banner', '-nostdin', '-benchmark', ...args]);
  const [, user, system] = /utime=([\d.]+)s stime=([\d.]+)s/.exec(stderr) ?? [];
  if (user === undefined) throw new Error('ffmpeg does not tell how much processor time it has used.');
  return Number(user) + Number(system);
}
