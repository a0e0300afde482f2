import { CLOCK_RATE } from '../encoders/settings.ts';
import type { Span } from '../plan/spans.ts';
import { seconds } from './seconds.ts';

/** The filters that see to the times of frames. Either list may be empty. */
export interface TimeFilters {
  /** Have times count in the clock's ticks, and from the input's first frame where the encoder's arguments do not see to that. */
  readonly count: readonly string[];
  /** Let the frames of a span through, and a few that follow it. */
  readonly choose: readonly string[];
}

export interface TimesWanted {
  /** Seconds that the input's own times are at its first frame. */
  readonly startTime: number;
  /** Frames a second, on average; undefined where it is not known. */
  readonly frameRate?: number | undefined;
  readonly hasConstantRate: boolean;
  /** Undefined for all frames. */
  readonly span: Span | undefined;
  /** Whether frames keep the input's times in the filters, since the encoder's arguments see to it. */
  readonly keepsTimes: boolean;
}

/** https://ffmpeg.org/ffmpeg-filters.html#trim, #setpts and #settb */
export function timeFilters(wanted: TimesWanted): TimeFilters {
  const { startTime, span, keepsTimes } = wanted;
  if (span === undefined) return { count: keepsTimes ? [] : ['setpts=PTS-STARTPTS'], choose: [] };
  const offset = keepsTimes ? startTime : 0;
  return {
    count: [
      // In a coarser time base a cut would be rounded, and a frame beside it would be in both spans or in none.
      `settb=1/${CLOCK_RATE}`,
      // The first frame that comes is not the input's first, so its time is told.
      ...(keepsTimes ? [] : [`setpts=round(PTS-${startTime}/TB)`]),
    ],
    choose: [trim(span, offset, runOut(wanted))],
  };
}

/** In seconds at the least, and frames. */
const RUN_OUT = { least: 0.25, frames: 6 };

/** Where frames may last for any time, so that none may come for a while. */
const LONG_RUN_OUT = { least: 0.5, frames: 12 };

/**
 * Seconds behind a span that are encoded with it and then left out: an encoder that looks ahead makes a span's last frames
 * worse when it finds nothing behind them.
 */
function runOut({ frameRate = Infinity, hasConstantRate }: TimesWanted): number {
  const { least, frames } = hasConstantRate ? RUN_OUT : LONG_RUN_OUT;
  return Math.max(least, frames / frameRate);
}

/** Frames from the start on, and some more than those before the end. */
function trim({ start, end }: Span, offset: number, more: number): string {
  const from = start > 0 ? [`start=${seconds(start + offset)}`] : [];
  const to = end === undefined ? [] : [`end=${seconds(end + more + offset)}`];
  return `trim=${[...from, ...to].join(':')}`;
}
