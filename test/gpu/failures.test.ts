import { beforeAll, describe, expect, it } from 'vitest';
import { describeImage } from '../image/support/image.ts';

import { runCommands } from './support/commands.ts';
import type { Command, CommandResult } from './support/in-image/run-commands.ts';
import { INPUT_FRAMES, INPUT_URL, MAKE_INPUT } from './support/input.ts';
import { DRIVER, type StandInEnvironment } from './support/stand-in.ts';
import { ASK_WORKER, answerOf, askWorker } from './support/worker.ts';

function ffmpeg(env: StandInEnvironment, encoder: string, size: string, ...options: string[]): Command {
  return {
    args: [
      ...([
        'ffmpeg',
        '-v',
        'warning',
        '-nostdin',
        '-f',
        'lavfi',
        '-i',
        `color=size=${size}:rate=25`,
      ] as const),
      ...['-frames:v', '1', '-pix_fmt', 'yuv420p', '-c:v', encoder, ...options, '-f', 'null', '-'],
    ],
    env: { ...env },
  };
}

function runWithDriver(commands: readonly Command[]): Promise<CommandResult[]> {
  return runCommands(commands, { mounts: [...DRIVER, ASK_WORKER], first: [MAKE_INPUT] });
}

const NO_DEVICE: StandInEnvironment = { STAND_IN_FAILURE: 'no-device' };
const NO_SESSION: StandInEnvironment = { STAND_IN_FAILURE: 'no-session' };
const OLD_DRIVER: StandInEnvironment = { STAND_IN_FAILURE: 'old-driver' };
const T4: StandInEnvironment = { STAND_IN_GPU: 'T4' };

const HOST_FAILURES: readonly [string, StandInEnvironment, string, number][] = [
  ['no GPU', NO_DEVICE, 'cuInit(0) failed -> CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected', 171],
  ['no session left', NO_SESSION, 'OpenEncodeSessionEx failed: out of memory (10): (no details)', 187],
  [
    'too old a driver',
    OLD_DRIVER,
    'Driver does not support the required nvenc API version. Required: 12.1 Found: 11.1',
    218,
  ],
];

const SETTINGS_FAILURES: readonly [string, string, string, string, number][] = [
  ['5120 wide', '5120x1440', 'auto', 'Width 5120 exceeds 4096', 187],
  ['5120 high', '1440x5120', 'auto', 'Height 5120 exceeds 4096', 187],
  ['above its level', '3840x2160', '4.0', 'InitializeEncoder failed: invalid param (8): Invalid Level.', 234],
];

describeImage('a host with', () => {
  describe.each(HOST_FAILURES)('%s', (_name, env, line, exitCode) => {
    let results: CommandResult[];
    beforeAll(async () => {
      results = await runWithDriver([
        ffmpeg(env, 'h264_nvenc', '320x180'),
        askWorker(env, 'examine', 'required'),
        askWorker(env, 'examine', 'optional'),
        askWorker(env, 'encode', INPUT_URL, '320', '180', 'auto'),
      ]);
    });
    it('lets ffmpeg say so', () => {
      expect(results[0]).toMatchObject({ exitCode, stderr: expect.stringContaining(line) });
    });
    it('is unfit where a GPU is required, for the reason that the driver gives', () => {
      const { error } = answerOf(results[1]);
      expect(error).toMatchObject({ name: 'HostUnfitError', message: expect.stringContaining(line) });
    });
    it('encodes with its CPU where none is required', () => {
      expect(answerOf(results[2])).toMatchObject({ value: { encoder: 'libx264' } });
    });
    it('is unfit too if it comes to that in the middle of a job', () => {
      const { error } = answerOf(results[3]);
      expect(error).toMatchObject({ name: 'HostUnfitError', message: expect.stringContaining(line) });
    });
  });

  it('a GPU in order is fit, and known', async () => {
    const [examined, encoded] = await runWithDriver([
      askWorker({ STAND_IN_GPU: 'L4' }, 'examine', 'required'),
      askWorker(T4, 'encode', INPUT_URL, '320', '180', '4.0'),
    ]);
    const gpu = { name: 'Stand-in L4', computeCapability: 8.9 };
    expect(answerOf(examined)).toMatchObject({ value: { encoder: 'h264_nvenc', gpu } });
    expect(answerOf(encoded)).toEqual({ value: INPUT_FRAMES });
  });
});

describeImage('an output', () => {
  describe.each(SETTINGS_FAILURES)('%s', (_name, size, level, line, exitCode) => {
    let results: CommandResult[];
    beforeAll(async () => {
      const levelOptions = level === 'auto' ? [] : ['-level', level];
      results = await runWithDriver([
        ffmpeg(T4, 'h264_nvenc', size, ...levelOptions),
        askWorker(T4, 'encode', INPUT_URL, ...size.split('x'), level),
      ]);
    });
    it('is refused by the driver', () => {
      expect(results[0]).toMatchObject({ exitCode, stderr: expect.stringContaining(line) });
    });
    it("fails the job and not the host, with the driver's words", () => {
      expect(answerOf(results[1]).error).toMatchObject({
        name: 'OctetError',
        code: 'settings_rejected_by_encoder',
        message: expect.stringContaining(line.replace(/\.$/, '')),
      });
    });
  });
});

describeImage('AV1', () => {
  it.each<[NonNullable<StandInEnvironment['STAND_IN_GPU']>, string]>([
    ['T4', 'Codec not supported'],
    ['A10G', 'Codec not supported'],
    ['L4', 'configuration recorded, not encoded'],
  ])('on a %s ends with: %s', async (gpu, line) => {
    const [result] = await runWithDriver([ffmpeg({ STAND_IN_GPU: gpu }, 'av1_nvenc', '320x180')]);
    expect(result?.stderr).toContain(line);
    expect(result?.exitCode).not.toBe(0);
  });
});
