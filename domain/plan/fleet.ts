import * as v from 'valibot';
import { PRESETS } from '../request/output.ts';

const positive = (what: string) => v.pipe(v.number(`must be ${what}`), v.gtValue(0, 'must be more than 0'));
const count = v.pipe(v.number(), v.integer('must be a whole number'), v.minValue(1, 'must be at least 1'));

/** Frames of 1920x1080 a second. Other sizes take as much longer as they have more pixels. */
const rate = positive('frames a second');

/** How fast a machine of the fleet works. */
export const hostSpeedsSchema = v.strictObject({
  /** What it encodes with, such as `L4`. */
  name: v.string(),
  /** What one decoder makes. */
  decode_fps: rate,
  /** Decoders that work at the same time. Each part of the footage is decoded by one of them. @default 1 */
  decoders: v.optional(count, 1),
  /** What one scaler takes in, on average over a ladder. @default as much as ever comes */
  scale_fps: v.optional(rate),
  /** What one encoder makes, by preset. */
  encode_fps: v.strictObject(v.entriesFromList(PRESETS, rate)),
  /** Encoders that work at the same time. One output is made by one of them. */
  engines: count,
  /** Whether decoders, scalers and encoders share the same processors. On a GPU each has circuits of its own. */
  shares_processors: v.boolean(),
});

export type HostSpeeds = v.InferOutput<typeof hostSpeedsSchema>;

/** AWS Batch's limit: https://docs.aws.amazon.com/batch/latest/userguide/array_jobs.html */
const MOST_CHILDREN = 10_000;

/** When a job is split, and into how many parts. */
export const splitSettingsSchema = v.strictObject({
  /** Seconds of work on one machine up to which a job is not split. @default 60 */
  quick_s: v.optional(positive('seconds'), 60),
  /** Seconds of work that each worker of a split job is given. @default 20, with which 16 L4s make an hour within a minute */
  target_s: v.optional(positive('seconds'), 20),
  /** Seconds of video that a part has at least. @default 30 */
  min_span_s: v.optional(positive('seconds'), 30),
  /** @default 64 */
  max_children: v.optional(v.pipe(count, v.maxValue(MOST_CHILDREN, 'must be at most 10000')), 64),
  /** Gives every job that can be split to so many workers, whatever the other settings say: for trying it out. */
  children: v.optional(v.pipe(count, v.maxValue(MOST_CHILDREN, 'must be at most 10000'))),
});

export type SplitSettings = v.InferOutput<typeof splitSettingsSchema>;

/** What plans are made for. */
export const fleetSchema = v.strictObject({
  host: hostSpeedsSchema,
  /** Machines that there are at the most. */
  hosts: count,
  usd_per_hour: v.pipe(v.number(), v.minValue(0)),
  /** Seconds that a worker on a machine that runs needs before its first and after its last frame. */
  start_s: v.pipe(v.number(), v.minValue(0)),
  /** Bytes of outputs that are verified and uploaded in a second. */
  package_bytes_per_s: positive('bytes a second'),
  split: v.optional(splitSettingsSchema, {}),
});

export type Fleet = v.InferOutput<typeof fleetSchema>;
export type FleetInput = v.InferInput<typeof fleetSchema>;
