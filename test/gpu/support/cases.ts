import type { EncoderName } from '../../../domain/encoders/settings.ts';
import { encodeArguments } from '../../../domain/media/ffmpeg-command.ts';
import { planRenditions } from '../../../domain/plan/renditions.ts';
import { parseJobRequest } from '../../../domain/request/job-request.ts';
import { type OutputRequest, PRESETS, RATE_CONTROLS } from '../../../domain/request/output.ts';
import { videoSource } from '../../domain/media/sources.ts';
import { requestWith } from '../../support/requests.ts';
import type { Command } from './in-image/run-commands.ts';
import { INPUT_FRAME_RATE, INPUT_SIZE, INPUT_URL } from './input.ts';
import { type Choices, pairwise } from './pairwise.ts';

/** The words of an output that an encoder is set up by. */
export type EncoderWords = Partial<
  Pick<OutputRequest, 'preset' | 'rc' | 'profile' | 'level' | 'coder' | 'cq' | 'qp' | 'bitrate_kbps'>
>;

/** Every value of what has names, and some of each number. Undefined is a word that is left out. */
const CHOICES: Choices<EncoderWords> = {
  preset: [undefined, ...PRESETS],
  rc: [undefined, ...RATE_CONTROLS],
  profile: [undefined, 'baseline', 'main', 'high'],
  level: [undefined, 'auto', '4.0', '4.1', '4.2', '5.0', '5.1'],
  coder: [undefined, 'cabac', 'cavlc'],
  cq: [undefined, 1, 30, 51],
  qp: [undefined, 0, 28, 51],
  // 1.5 times the first is within every level, of the second it is above 4.0 in main, of the third in high too.
  bitrate_kbps: [undefined, 800, 15_000, 18_000],
};

const RESOLUTION = `${INPUT_SIZE.width}x${INPUT_SIZE.height}`;

/** Each value alone, and every value of a word with every value of each other one, as far as the API takes them. */
export const CASES: readonly EncoderWords[] = withoutDoubles([
  ...Object.entries(CHOICES)
    .flatMap(([key, values]) => values.map((value): EncoderWords => ({ [key]: value })))
    .filter(isAllowed),
  ...pairwise(CHOICES, isAllowed),
]);

function withoutDoubles(cases: readonly EncoderWords[]): EncoderWords[] {
  return [...new Set(cases.map((words) => JSON.stringify(words)))].map((json) => JSON.parse(json));
}

function settingsOf(words: Partial<OutputRequest>) {
  const outputs = [{ resolution: RESOLUTION, ...words }];
  const { request } = parseJobRequest(JSON.stringify(requestWith({ outputs })));
  const [rendition] = planRenditions(request.outputs, {
    display: INPUT_SIZE,
    frameRate: INPUT_FRAME_RATE,
  });
  if (rendition === undefined) throw new Error('The plan has no rendition.');
  return rendition.settings;
}

function isAllowed(words: EncoderWords): boolean {
  try {
    settingsOf(words);
    return true;
  } catch {
    return false;
  }
}

export interface CommandOptions {
  /** Names the file that is made. */
  readonly name: string;
  readonly encoder: EncoderName;
  /** Whether the pictures stay on the GPU. */
  readonly onGpu?: boolean;
}

/** The worker's command that makes an output with these words. */
export function commandOf(
  words: Partial<OutputRequest>,
  { name, encoder, onGpu = false }: CommandOptions,
): Command {
  const args = encodeArguments({
    url: INPUT_URL,
    source: videoSource({ ...INPUT_SIZE, frameRate: INPUT_FRAME_RATE }),
    targets: [{ settings: settingsOf(words), path: `/scratch/${name}.mp4` }],
    encoder,
    onGpu,
    features: { fpsMode: true, movieTimescale: true },
  });
  return { args: ['ffmpeg', ...args] };
}
