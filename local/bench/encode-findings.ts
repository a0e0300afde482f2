import type { EncodeRun, Way } from './encodes.ts';
import type { Figure, Finding } from './figures.ts';
import { median, medianRatio } from './statistics.ts';

/** The runs of each way. */
export type EncodeRuns = Readonly<Partial<Record<Way, readonly EncodeRun[]>>>;

const SAME =
  'The same clip, encoders and settings in every way, in turns; ffmpeg reads a local file, the job a URL.';

/** (a): a whole job against the best that one would do by hand. */
export function wholeJob(runs: EncodeRuns): Finding {
  const [job, command] = [seconds(runs, 'job'), seconds(runs, 'command')];
  return {
    title: 'A whole job of 60 s 1080p to four renditions, from the request to the files in the bucket',
    figures: [
      { what: 'the job', value: job, unit: 's' },
      { what: 'the best single ffmpeg command', value: command, unit: 's' },
      { what: 'job / command', value: ratio(runs, 'job', 'command'), unit: '', goal: { most: 1.05 } },
    ],
    notes: [SAME],
    runs: secondsOf(runs, ['job', 'command']),
  };
}

/** (b): the job against one ffmpeg a rendition. */
export function jobPerRendition(runs: EncodeRuns): Finding {
  const against = (way: Way, what: string): Figure[] => [
    { what, value: seconds(runs, way), unit: 's' },
    { what: `${what} / job`, value: ratio(runs, way, 'job'), unit: '', goal: { least: 1.4 } },
  ];
  return {
    title: 'The same job against one ffmpeg for each rendition',
    figures: [
      { what: 'the job', value: seconds(runs, 'job'), unit: 's' },
      ...against('sequence', 'one after another'),
      ...against('at once', 'all at once'),
    ],
    notes: ['What a job saves are three decodes and some of the scaling: more, the more bits the input has.'],
    runs: secondsOf(runs, ['job', 'sequence', 'at once']),
  };
}

/** SSIM of the first rendition against the source, by way. */
export type Similarities = Readonly<Partial<Record<Way, number>>>;

/** (c): jobs that are split against one that is not. */
export function split(runs: EncodeRuns, similarities: Similarities): Finding {
  const whole = figuresOf(runs, similarities, 'job', 'unsplit');
  const parts = (['split in 2', 'split in 4'] as const).flatMap((way): Figure[] => {
    const cpu = medianRatio(cpusOf(runs, way), cpusOf(runs, 'job'));
    const size = bytesOf(runs, way) / bytesOf(runs, 'job');
    const loss = (similarities.job ?? Number.NaN) - (similarities[way] ?? Number.NaN);
    return [
      ...figuresOf(runs, similarities, way, way),
      { what: `${way}: processor time / unsplit`, value: cpu, unit: '', goal: { most: 1.1 } },
      { what: `${way}: size / unsplit`, value: size, unit: '', goal: { least: 0.95, most: 1.05 } },
      { what: `${way}: SSIM lost`, value: loss, unit: '', goal: { most: 0.002 } },
    ];
  });
  const notes = ['All parts run on this one machine, whose processors they share.', 'SSIM of 1080p.'];
  return {
    title: 'The job split in parts against unsplit',
    figures: [...whole, ...parts],
    notes,
    runs: secondsOf(runs, ['job', 'split in 2', 'split in 4']),
  };
}

function figuresOf(runs: EncodeRuns, similarities: Similarities, way: Way, name: string): Figure[] {
  return [
    { what: name, value: seconds(runs, way), unit: 's' },
    { what: `${name}: processor time`, value: median(cpusOf(runs, way)), unit: 's' },
    { what: `${name}: size`, value: bytesOf(runs, way) / 1e6, unit: 'MB' },
    { what: `${name}: SSIM`, value: similarities[way] ?? Number.NaN, unit: '' },
  ];
}

/** Seconds that the plan expects in each round, by way. */
export type Expectations = Readonly<Partial<Record<Way, readonly number[]>>>;

/** What the plan expects of the jobs against what they take. */
export function expectations(runs: EncodeRuns, expected: Expectations): Finding {
  const figures = Object.entries(expected).flatMap(([way, values]): Figure[] => {
    const taken = secondsIn(runs, way as Way);
    const value = medianRatio(taken, values);
    return [
      { what: `${way}: expected`, value: median(values), unit: 's' },
      { what: `${way}: taken`, value: median(taken), unit: 's' },
      { what: `${way}: taken / expected`, value, unit: '', goal: { least: 0.8, most: 1.2 } },
    ];
  });
  const notes = ['From the speeds of this machine, measured at the beginning of each round.'];
  return { title: 'What the plan expects', figures, notes };
}

function secondsOf(runs: EncodeRuns, ways: readonly Way[]): Record<string, number[]> {
  return Object.fromEntries(ways.map((way) => [way, secondsIn(runs, way)]));
}

function seconds(runs: EncodeRuns, way: Way): number {
  return median(secondsIn(runs, way));
}

function ratio(runs: EncodeRuns, way: Way, other: Way): number {
  return medianRatio(secondsIn(runs, way), secondsIn(runs, other));
}

function secondsIn(runs: EncodeRuns, way: Way): number[] {
  return (runs[way] ?? []).map((run) => run.seconds);
}

function cpusOf(runs: EncodeRuns, way: Way): number[] {
  return (runs[way] ?? []).map(({ cpu = Number.NaN }) => cpu);
}

function bytesOf(runs: EncodeRuns, way: Way): number {
  return median(
    (runs[way] ?? []).map(({ job }) => (job?.outputs ?? []).reduce((sum, { size = 0 }) => sum + size, 0)),
  );
}
