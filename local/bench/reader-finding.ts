import type { Figure, Finding } from './figures.ts';
import { median, medianRatio } from './statistics.ts';

/** One reading of the whole file. */
export interface ReaderRun {
  readonly seconds: number;
  /** What ffmpeg tells of every packet: its time, its size and a checksum. */
  readonly packets: string;
  /** Connections that were cut meanwhile. */
  readonly cuts: number;
}

export type ReaderRuns = Readonly<Record<string, readonly ReaderRun[]>>;

/** Seconds in which a file was decoded, by who has read it. */
export type DecodingRuns = Readonly<Record<'ffmpeg' | 'reader', readonly { readonly seconds: number }[]>>;

/** (d) */
export function readerFinding(runs: ReaderRuns, decoding: DecodingRuns): Finding {
  const seconds = (way: string) => median((runs[way] ?? []).map((run) => run.seconds));
  const decoded = (who: keyof DecodingRuns) => decoding[who].map((run) => run.seconds);
  const faster = (distance: string) => seconds(`${distance} ffmpeg`) / seconds(`${distance} reader`);
  const both = (distance: string, where: string): Figure[] => [
    { what: `${where}: ffmpeg`, value: seconds(`${distance} ffmpeg`), unit: 's' },
    { what: `${where}: reader`, value: seconds(`${distance} reader`), unit: 's' },
  ];
  const cuts = (runs['cut reader'] ?? []).reduce((sum, run) => sum + run.cuts, 0);
  return {
    title: "The worker's reader of inputs against ffmpeg's own",
    figures: [
      { what: 'a local file: ffmpeg', value: seconds('file'), unit: 's' },
      { what: 'without latency or limit, decoding: ffmpeg', value: median(decoded('ffmpeg')), unit: 's' },
      { what: 'without latency or limit, decoding: reader', value: median(decoded('reader')), unit: 's' },
      {
        what: 'without latency or limit, decoding: reader is faster by',
        value: medianRatio(decoded('ffmpeg'), decoded('reader')),
        unit: '',
        goal: { least: 1 },
      },
      ...both('near', 'without latency or limit'),
      ...both('s3', 'without latency, as from S3'),
      {
        what: 'without latency, as from S3: reader is faster by',
        value: faster('s3'),
        unit: '',
        goal: { least: 1 },
      },
      ...both('far', 'round trips of 50 ms'),
      {
        what: 'round trips of 50 ms: reader is faster by',
        value: faster('far'),
        unit: '',
        goal: { least: 2 },
      },
      ...both('slow', 'first byte after 50 ms'),
      { what: '5% of connections cut: reader', value: seconds('cut reader'), unit: 's' },
      { what: '5% of connections cut: that were', value: cuts, unit: '' },
      { what: 'packets lost or changed, in all', value: lostPackets(runs), unit: '', goal: { most: 0 } },
    ],
    notes: [
      'S3 sends 90 MB/s over a connection to a machine beside it. ffmpeg has one connection, the reader has several.',
      'Without limit, a server on this machine sends as fast as it can. Then nothing is left to be gained, and the reader costs what it takes of a processor: some 2 ms for each MB, since each byte goes through another process. Decoding takes all processors.',
      'Round trips of 50 ms are modelled: the first byte comes after 50 ms, and then a connection carries 1 MiB in each 50 ms. In "first byte after 50 ms" it carries all that goes through.',
    ],
  };
}

/** Of all that the reader has read, held against the local file. */
export function lostPackets(runs: ReaderRuns): number {
  const wanted = new Set(linesOf(runs.file?.[0]?.packets ?? ''));
  const read = Object.entries(runs).flatMap(([way, each]) => (way.endsWith('reader') ? each : []));
  if (wanted.size === 0 || read.length === 0) return Number.NaN;
  return read.reduce((sum, { packets }) => {
    const found = new Set(linesOf(packets));
    return sum + [...wanted].filter((line) => !found.has(line)).length;
  }, 0);
}

function linesOf(packets: string): string[] {
  return packets.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}
