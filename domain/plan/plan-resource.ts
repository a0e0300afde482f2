import type { InputFacts } from '../job/job-record.ts';
import type { RateControl } from '../rate-control.ts';
import type { PlannedJob } from './plan.ts';
import type { Rendition } from './renditions.ts';
import type { Span } from './spans.ts';

/** One output as it would be made. */
export interface OutputPlan {
  readonly dest_path: string;
  readonly codec: 'h264';
  readonly width: number;
  readonly height: number;
  readonly preset: string;
  readonly profile: string;
  /** `auto` for the lowest that fits. */
  readonly level: string;
  readonly coder: string;
  /** `constqp`, `vbr`, `cbr`, or `quality` for constant quality. */
  readonly rate_control: string;
  readonly bitrate_kbps?: number;
  readonly cq?: number;
  readonly qp?: number;
}

/** What `POST /v0/jobs/plan` answers. */
export interface JobPlanResource {
  readonly input: Omit<InputFacts, 'etag'>;
  /** Missing where the input could not be looked at in time: its worker will see. */
  readonly outputs?: readonly OutputPlan[];
  /** What it would run on, such as `L4`. */
  readonly host: string;
  /** Workers that encode. */
  readonly children: number;
  /** The parts of the time line, in seconds. */
  readonly chunks: readonly Span[];
  /** Parts that a worker encodes at the same time. */
  readonly side_by_side: number;
  /** Missing where the input does not say how long it is. */
  readonly expected?: NonNullable<PlannedJob['expected']>;
  readonly warnings: readonly string[];
}

export interface JobPlan {
  readonly input: Omit<InputFacts, 'etag'>;
  readonly planned: PlannedJob;
  readonly renditions: readonly Rendition[] | undefined;
  readonly host: string;
  readonly warnings: readonly string[];
}

/** A job's plan as its owner sees it. */
export function jobPlanResource({ input, planned, renditions, host, warnings }: JobPlan): JobPlanResource {
  const { plan, expected } = planned;
  return {
    input,
    ...(renditions && { outputs: renditions.map(outputPlan) }),
    host,
    children: plan.children,
    chunks: plan.spans,
    side_by_side: plan.side_by_side,
    ...(expected && { expected: rounded(expected) }),
    warnings,
  };
}

/** To the tenth of a second and the micro-dollar: more would be a pretence. */
function rounded({ seconds, encoding_seconds, usd, fastest_children }: NonNullable<PlannedJob['expected']>) {
  const tenths = (value: number) => Math.round(value * 10) / 10;
  return {
    seconds: tenths(seconds),
    encoding_seconds: tenths(encoding_seconds),
    usd: Math.round(usd * 1e6) / 1e6,
    fastest_children,
  };
}

function outputPlan({ destPath, settings }: Rendition): OutputPlan {
  const { size, preset, profile, level = 'auto', entropyCoder } = settings;
  const picture = { codec: 'h264', width: size.width, height: size.height } as const;
  return {
    dest_path: destPath,
    ...picture,
    ...{ preset, profile, level, coder: entropyCoder },
    ...rateControlWords(settings.rateControl),
  };
}

function rateControlWords(
  rateControl: RateControl,
): Pick<OutputPlan, 'rate_control' | 'bitrate_kbps' | 'cq' | 'qp'> {
  switch (rateControl.mode) {
    case 'constqp':
      return { rate_control: 'constqp', qp: rateControl.qp };
    case 'quality': {
      const { cq, capKbps } = rateControl;
      return { rate_control: 'quality', cq, ...(capKbps !== undefined && { bitrate_kbps: capKbps }) };
    }
    case 'vbr':
    case 'cbr':
      return { rate_control: rateControl.mode, bitrate_kbps: rateControl.bitrateKbps };
  }
}
