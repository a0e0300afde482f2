import * as v from 'valibot';
import { H264_LEVELS, type H264Level } from '../h264-levels.ts';
import { alternatives, integer, object, objectKey, oneOf } from './fields.ts';
import { resolutionSchema } from './resolution.ts';

export const PRESETS = ['slow', 'medium', 'fast', 'hp', 'hq', 'll', 'llhq', 'llhp'] as const;
export const RATE_CONTROLS = ['constqp', 'vbr', 'vbr_hq', 'cbr', 'cbr_hq'] as const;
export const INTERPOLATIONS = ['nn', 'linear', 'cubic', 'lanczos'] as const;

const LEVEL_MESSAGE = `must be auto, ${alternatives(['4', ...H264_LEVELS.slice(0, 3), '5', ...H264_LEVELS.slice(3)])}`;

/** A level's name as a string or number; `4` and `4.0` are the same level. */
const level = v.pipe(
  v.union([v.string(), v.number()], LEVEL_MESSAGE),
  v.transform((value) => {
    const name = String(value);
    return /^\d$/.test(name) ? `${name}.0` : name;
  }),
  v.check((name): boolean => name === 'auto' || H264_LEVELS.some((known) => known === name), LEVEL_MESSAGE),
  v.transform((name) => name as H264Level | 'auto'),
);

/** One output as the request words it. What the words mean together is said in rate-control.ts and output-rules.ts. */
export const outputSchema = object(
  {
    codec: oneOf(['h264']),
    resolution: resolutionSchema,
    dest_path: objectKey,
    bitrate_kbps: v.optional(integer(1, 800_000, 'kbit/s')),
    scale_interp_algo: v.optional(oneOf(INTERPOLATIONS), 'cubic'),
    preset: v.optional(oneOf(PRESETS), 'medium'),
    profile: v.optional(oneOf(['baseline', 'main', 'high']), 'high'),
    level: v.optional(level, 'auto'),
    rc: v.optional(oneOf(RATE_CONTROLS)),
    coder: v.optional(oneOf(['cabac', 'cavlc'])),
    cq: v.optional(integer(0, 51), 0),
    qp: v.optional(integer(-1, 51), -1),
  },
  'must be an object with codec, resolution and dest_path',
);

export type OutputRequest = v.InferOutput<typeof outputSchema>;
/** An output in the words of the request, before its defaults are added. */
export type OutputWords = v.InferInput<typeof outputSchema>;
export type Preset = OutputRequest['preset'];
export type Interpolation = OutputRequest['scale_interp_algo'];
export type RateControlName = NonNullable<OutputRequest['rc']>;
