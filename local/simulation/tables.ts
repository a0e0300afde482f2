import { ASSUMED, priceOf } from './assumptions.ts';
import { BURST_CLIPS } from './burst.ts';
import { CLIP_SECONDS } from './clips.ts';
import { table, usd, whole } from './markdown.ts';
import type { Results } from './results.ts';
import { CLIPS_PER_DAY, ENOUGH_P95_S } from './stream.ts';

const NVIDIA =
  "[NVIDIA's notes](https://docs.nvidia.com/video-technologies/video-codec-sdk/12.2/nvenc-application-note/), by clock";

/** What is assumed, and where it comes from. */
export function assumptionTable(): string {
  const { on_demand, spot } = priceOf('L4');
  const megabytes = (bytes: number) => `${bytes / 1e6} MB/s`;
  return table(
    ['what', 'value', 'from'],
    [
      ['frames a second of each encoder and decoder', 'by GPU and preset', NVIDIA],
      ['the same for presets p2, p4, p6', 'between their neighbours', 'assumed'],
      ['preset slow, which encodes in two passes', 'half of p6', 'assumed'],
      ['encoders and decoders of an L4', '2 and 4', "NVIDIA's support matrix"],
      ['g6.xlarge (one L4), On-Demand', `${usd(on_demand)} USD an hour`, 'list price'],
      ['the same on Spot', `${usd(spot)} USD an hour`, 'seen: 31 to 40% of On-Demand'],
      ['who packages (c7i.2xlarge)', `${usd(ASSUMED.packager_usd_per_hour)} USD an hour`, 'list price'],
      ['SubmitJob', `${ASSUMED.submits_per_s} calls a second`, 'limit of AWS Batch'],
      ['an instance stays without work', `${ASSUMED.idle_s / 60} minutes`, '`lib/compute.ts`'],
      ['Batch starts a container on a free machine', `${ASSUMED.dispatch_s} s`, 'assumed'],
      ['a worker needs beside its frames', `${ASSUMED.start_s} s`, 'assumed'],
      ['packaging', megabytes(ASSUMED.package_bytes_per_s), 'assumed'],
      ['a GPU instance starts', `${ASSUMED.gpu_boot_s} s`, 'assumed'],
      ['an instance that packages starts', `${ASSUMED.packager_boot_s} s`, 'assumed'],
      ['the image is pulled', `${ASSUMED.pull_s} s`, 'assumed'],
      ['workers are faster or slower than planned', `by ${ASSUMED.spread * 100}% at most`, 'assumed'],
      ['Spot instances lost', `${ASSUMED.losses_per_hour * 100}% an hour`, 'assumed'],
    ],
    'left',
  );
}

export function hourTable({ hour }: Results): string {
  const heads = ['GPUs', 'workers', 'planned, s', 'warm p50, s', 'warm p95, s', 'cold p50, s', 'cold p95, s'];
  const prices = ['USD On-Demand', 'USD Spot', 'USD of a cold fleet that then waits'];
  const rows = hour.map(({ gpus, warm, warm_spot, cold }) => [
    ...[String(gpus), String(warm.workers), whole(warm.expected_s)],
    ...[warm.p50_s, warm.p95_s, cold.p50_s, cold.p95_s].map(whole),
    ...[warm.usd, warm_spot.usd, cold.usd_alone].map(usd),
  ]);
  return table([...heads, ...prices], rows);
}

export function whatIfTable({ what_ifs }: Results): string {
  const rows = what_ifs.map(({ what, workers, p50_s, p95_s, usd: price }) => [
    what,
    String(workers),
    whole(p50_s),
    whole(p95_s),
    usd(price),
  ]);
  return table(['otherwise', 'workers', 'p50, s', 'p95, s', 'USD'], rows);
}

export function streamTable({ stream }: Results): string {
  const spot = stream.on_spot === undefined ? [] : [{ ...stream.on_spot, name: 'on Spot' }];
  const rows = [...stream.rows.map((row) => ({ ...row, name: '' })), ...spot];
  return table(
    ['GPUs', 'p50, s', 'p95, s', 'busy', 'USD an hour of video'],
    rows.map(({ name, gpus, p50_s, p95_s, used, usd: price }) => [
      `${gpus} ${name}`.trim(),
      whole(p50_s),
      whole(p95_s),
      `${whole(used * 100)}%`,
      usd(price),
    ]),
  );
}

export function streamSummary({ stream }: Results): string {
  const [shortest, longest] = CLIP_SECONDS;
  const clips = `${CLIPS_PER_DAY.toLocaleString('en')} clips of ${shortest} to ${longest} s a day`;
  const row = stream.rows.find(({ gpus }) => gpus === stream.gpus_needed);
  if (row === undefined) return `${clips}: none of these fleets has 95 of 100 done within ${ENOUGH_P95_S} s.`;
  const times = `p50 ${whole(row.p50_s)} s, p95 ${whole(row.p95_s)} s`;
  return `${clips}: ${row.gpus} L4s are enough for 95 of 100 to be done within ${ENOUGH_P95_S} s (${times}).`;
}

export function burstTable({ burst }: Results): string {
  const rows = burst.map(({ gpus, warm, p50_s, p95_s, last_s, usd: price }) => [
    `${gpus} ${warm ? 'warm' : 'cold'}`,
    ...[p50_s, p95_s, last_s].map(whole),
    usd(price),
  ]);
  return table(['GPUs', 'p50, s', 'p95, s', 'last, s', 'USD an hour of video'], rows);
}

export function burstSummary(): string {
  return `${BURST_CLIPS.toLocaleString('en')} clips of the same lengths are created at the same moment.`;
}
