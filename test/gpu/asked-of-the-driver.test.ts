import { beforeAll, expect, it } from 'vitest';
import { INTERPOLATIONS } from '../../domain/request/output.ts';
import { describeImage } from '../image/support/image.ts';
import { CASES, commandOf, type EncoderWords } from './support/cases.ts';
import { askedBy, runCommands } from './support/commands.ts';
import type { Command } from './support/in-image/run-commands.ts';
import { INPUT_FRAMES, MAKE_INPUT } from './support/input.ts';
import { type AskedEncoder, DECODER, DRIVER } from './support/stand-in.ts';

const PRESETS = {
  slow: { preset: 'p6', tuning: 'hq', multiPass: 'full' },
  medium: { preset: 'p4', tuning: 'hq', multiPass: 'disabled' },
  fast: { preset: 'p2', tuning: 'hq', multiPass: 'disabled' },
  hp: { preset: 'p1', tuning: 'hq', multiPass: 'disabled' },
  hq: { preset: 'p5', tuning: 'hq', multiPass: 'quarter' },
  ll: { preset: 'p4', tuning: 'll', multiPass: 'disabled' },
  llhq: { preset: 'p6', tuning: 'll', multiPass: 'disabled' },
  llhp: { preset: 'p1', tuning: 'll', multiPass: 'disabled' },
} as const;

/** Bitrate and buffer that table A-1 of H.264 allows, in kbit/s and kbit. */
const LEVELS: Readonly<Record<string, readonly [maxBitrate: number, maxBuffer: number]>> = {
  '4.0': [20_000, 25_000],
  '4.1': [50_000, 62_500],
  '4.2': [50_000, 62_500],
  '5.0': [135_000, 135_000],
  '5.1': [240_000, 240_000],
};

type Expected = Partial<AskedEncoder>;

/** What encoding for these words is to be, in the driver's terms. */
function expectedOf(words: EncoderWords): Expected {
  const { qp = -1, rc = qp < 0 ? 'vbr' : 'constqp' } = words;
  return {
    ...syntaxOf(words),
    ...framesOf(words, rc),
    ...PRESETS[words.preset ?? 'medium'],
    ...(rc.endsWith('_hq') ? { multiPass: 'full' } : {}),
    ...(rc === 'constqp' ? constantQp(qp) : {}),
    ...(rc.startsWith('cbr') ? constantBitrate(words) : {}),
    ...(rc.startsWith('vbr') ? variableBitrate(words) : {}),
  };
}

function constantQp(qp: number): Expected {
  const value = qp < 0 ? 23 : qp;
  // A second pass has nothing to find out.
  return {
    rateControl: 'constqp',
    qpP: value,
    qpB: value,
    qpI: value,
    multiPass: 'disabled',
    targetQuality: 0,
  };
}

function constantBitrate({ bitrate_kbps = Number.NaN }: EncoderWords): Expected {
  const rate = bitrate_kbps * 1000;
  return {
    rateControl: 'cbr',
    averageBitrate: rate,
    maxBitrate: rate,
    vbvBufferSize: rate,
    targetQuality: 0,
  };
}

function variableBitrate({ bitrate_kbps, cq = 0, level = 'auto', profile }: EncoderWords): Expected {
  const isQuality = cq > 0 || bitrate_kbps === undefined;
  const [maxBitrate, maxBuffer] = (LEVELS[level] ?? [Infinity, Infinity]).map(
    (limit) => limit * (profile === undefined || profile === 'high' ? 1.25 : 1),
  );
  const highest = (factor: number, limit = Infinity) => {
    const kbit = Math.min((bitrate_kbps ?? Infinity) * factor, limit);
    return kbit === Infinity ? 0 : kbit * 1000;
  };
  return {
    rateControl: 'vbr',
    averageBitrate: isQuality ? 0 : bitrate_kbps * 1000,
    maxBitrate: highest(1.5, maxBitrate),
    // ffmpeg does not hand it on with a quality.
    vbvBufferSize: isQuality ? 0 : highest(2, maxBuffer),
    targetQuality: isQuality ? cq || 23 : 0,
  };
}

function syntaxOf({ profile = 'high', level = 'auto', coder }: EncoderWords): Expected {
  return {
    codec: 'h264',
    width: 320,
    height: 180,
    profile,
    level: level === 'auto' ? 0 : Number(level) * 10,
    entropy: coder ?? (profile === 'baseline' ? 'cavlc' : 'cabac'),
    fullRange: false,
    repeatHeaders: false,
  };
}

function framesOf({ preset, profile }: EncoderWords, rc: string): Expected {
  const isLowLatency = preset?.startsWith('ll') ?? false;
  const hasBFrames = !isLowLatency && profile !== 'baseline';
  const looksAhead = !isLowLatency && rc !== 'constqp';
  return {
    bFrames: hasBFrames ? 3 : 0,
    bRefMode: hasBFrames ? 'middle' : 'disabled',
    lookahead: looksAhead ? 20 : 0,
    spatialAq: looksAhead,
    temporalAq: looksAhead,
    sceneCutKeyframes: false,
    gopLength: 600,
    idrPeriod: 600,
  };
}

describeImage('the driver is asked', () => {
  let asked: AskedEncoder[][];
  beforeAll(async () => {
    const commands = CASES.map((words, index) =>
      commandOf(words, { encoder: 'h264_nvenc', name: `case-${index}` }),
    );
    const results = await runCommands(commands, { mounts: DRIVER, first: [MAKE_INPUT] });
    expect(results.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
    asked = results.map(askedBy);
  });

  it.each(CASES.map((words, index) => [words, index] as const))('for what %j means', (words, index) => {
    expect(asked[index]).toEqual([expect.objectContaining(expectedOf(words))]);
  });

  it('to reckon with the frames a second that there are', () => {
    expect([...new Set(asked.flat().map(({ frameRate }) => frameRate))]).toEqual([25]);
  });
});

describeImage('pictures that stay on the GPU', () => {
  it.each(INTERPOLATIONS)(
    'come to the encoder as others do, when they are scaled with %s',
    async (algorithm) => {
      const words: EncoderWords = { bitrate_kbps: 800 };
      const command = commandOf(
        { ...words, scale_interp_algo: algorithm },
        { encoder: 'h264_nvenc', name: 'on-gpu', onGpu: true },
      );
      const options = { mounts: [...DRIVER, ...DECODER], first: [MAKE_INPUT] };
      const [result] = await runCommands([command], options);
      expect(result).toMatchObject({ exitCode: 0, stderr: '' });
      expect(result?.stdout).toContain(`frame=${INPUT_FRAMES}\n`);
      expect(askedBy(result)).toEqual([expect.objectContaining(expectedOf(words))]);
    },
  );
});

describeImage('an encoder that no output can have yet', () => {
  const open = (encoder: string, options: string): Command => ({
    args: [
      ...(['ffmpeg', '-v', 'error', '-nostdin', '-f', 'lavfi', '-i', 'color=size=640x360:rate=25'] as const),
      ...['-frames:v', '1', '-pix_fmt', 'yuv420p', '-c:v', encoder, ...options.split(' '), '-f', 'null', '-'],
    ],
    env: { STAND_IN_GPU: 'L4' },
  });
  it.each<[string, string, Partial<AskedEncoder>]>([
    [
      'hevc_nvenc',
      '-preset p6 -tune hq -multipass fullres -rc vbr -b:v 3000k -maxrate 4500k -bufsize 6000k -bf 3',
      {
        ...{ codec: 'hevc', preset: 'p6', tuning: 'hq', multiPass: 'full', rateControl: 'vbr', bFrames: 3 },
        ...{ averageBitrate: 3_000_000, maxBitrate: 4_500_000, vbvBufferSize: 6_000_000, profile: 'main' },
      },
    ],
    [
      'av1_nvenc',
      '-preset p4 -tune ll -rc vbr -cq 30 -b:v 0 -bf 0',
      {
        ...{
          codec: 'av1',
          preset: 'p4',
          tuning: 'll',
          multiPass: 'disabled',
          rateControl: 'vbr',
          bFrames: 0,
        },
        ...{ averageBitrate: 0, targetQuality: 30, profile: 'main' },
      },
    ],
  ])('%s with %s is asked for as it is told, and not made', async (encoder, options, expected) => {
    const [result] = await runCommands([open(encoder, options)], { mounts: DRIVER });
    expect(askedBy(result)).toEqual([expect.objectContaining(expected)]);
    expect(result?.stderr).toContain('configuration recorded, not encoded');
  });
});
