import { beforeAll, expect, it } from 'vitest';
import type { EncoderName } from '../../domain/encoders/settings.ts';
import { describeImage } from '../image/support/image.ts';
import { CASES, commandOf } from './support/cases.ts';
import { runCommands } from './support/commands.ts';
import type { Command, CommandResult } from './support/in-image/run-commands.ts';
import { MAKE_INPUT } from './support/input.ts';

const INDEXED = CASES.map((words, index) => [words, index] as const);

/** The exit codes of this version of ffmpeg, and what it says with them. */
const NO_DRIVER = { exitCode: 255, stderr: expect.stringContaining('Cannot load libcuda.so.1') };

function results(encoder: EncoderName): Promise<CommandResult[]> {
  const commands = CASES.map((words, index) => commandOf(words, { encoder, name: `case-${index}` }));
  return runCommands(commands, { first: [MAKE_INPUT] });
}

describeImage('the ffmpeg of the image, on a host without a GPU,', () => {
  let ended: CommandResult[];
  beforeAll(async () => {
    ended = await results('h264_nvenc');
  });
  it.each(INDEXED)('knows every option of h264_nvenc for %j, and lacks the driver alone', (_words, index) => {
    expect(ended[index]).toMatchObject(NO_DRIVER);
  });
});

describeImage('the ffmpeg of the image', () => {
  let ended: CommandResult[];
  beforeAll(async () => {
    ended = await results('libx264');
  });
  it.each(INDEXED)('encodes %j with libx264', (_words, index) => {
    expect(ended[index]).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

describeImage('without a driver, too, ffmpeg tells', () => {
  const encodeWith = (...options: string[]): Command => ({
    args: [
      ...(['ffmpeg', '-v', 'error', '-nostdin', '-f', 'lavfi', '-i', 'color=size=320x180:rate=25'] as const),
      ...['-frames:v', '1', '-c:v', 'h264_nvenc', ...options, '-f', 'null', '-'],
    ],
  });
  it.each<[string, string[], object]>([
    ['good options', ['-preset', 'p4', '-qp', '20'], NO_DRIVER],
    ['a name that an option does not have', ['-preset', 'best'], { exitCode: 234 }],
    ['a number out of range', ['-qp', '77'], { exitCode: 222 }],
    ['an option that there is not', ['-preset2', 'p4'], { exitCode: 8 }],
  ])('%s from others by its exit code', async (_name, options, expected) => {
    const [ended] = await runCommands([encodeWith(...options)]);
    expect(ended).toMatchObject(expected);
  });
});
