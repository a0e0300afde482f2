import * as v from 'valibot';
import { OctetError } from '../errors.ts';

const limit = (fallback: number) =>
  v.optional(v.pipe(v.number('must be a number'), v.minValue(1, 'must be at least 1')), fallback);

/** The most that an input may be, for whoever deploys the service to say. */
export const inputLimitsSchema = v.strictObject({
  /** Bytes. @default 1 TB */
  bytes: limit(1e12),
  /** Seconds of video. @default 12 hours */
  seconds: limit(12 * 3600),
  /** Streams of all kinds. @default 100 */
  streams: limit(100),
  /** Pixels of the longer side. @default 16384 */
  side: limit(16_384),
  /** Frames a second. @default 300 */
  frame_rate: limit(300),
});

export type InputLimits = v.InferOutput<typeof inputLimitsSchema>;

export const DEFAULT_INPUT_LIMITS: InputLimits = v.parse(inputLimitsSchema, {});

/** What is known of an input so far. */
export interface InputSize {
  readonly bytes?: number | undefined;
  readonly seconds?: number | undefined;
  readonly streams?: number | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly frameRate?: number | undefined;
}

/**
 * Checks what is known of an input.
 *
 * @throws OctetError `input_unsupported` that says by how much it is too large, and the name of the limit
 */
export function assertWithinLimits(input: InputSize, limits: InputLimits): void {
  const side = Math.max(input.width ?? 0, input.height ?? 0);
  const measured: [keyof InputLimits, number | undefined, string][] = [
    ['bytes', input.bytes, 'bytes'],
    ['seconds', input.seconds, 'seconds of video'],
    ['streams', input.streams, 'streams'],
    ['side', side, 'pixels on its longer side'],
    ['frame_rate', input.frameRate, 'frames a second'],
  ];
  for (const [name, amount = 0, unit] of measured) {
    if (amount <= limits[name]) continue;
    const message = `The input has ${Math.ceil(amount)} ${unit}, and the limit "${name}" of this service is ${limits[name]}: send a smaller one, or have the limit raised.`;
    throw new OctetError('input_unsupported', message);
  }
}
