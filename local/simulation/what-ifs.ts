import { ASSUMED } from './assumptions.ts';
import { type HourRuns, type HourWords, simulateHours } from './hour.ts';

const MIB = 2 ** 20;

/** The hour on 16 warm L4s, and what becomes of it when one thing is otherwise. */
const WHAT_IFS: readonly (readonly [string, Omit<HourWords, 'seed'>])[] = [
  ['nothing', {}],
  ['preset slow', { preset: 'slow' }],
  ['preset slow, 64 GPUs', { preset: 'slow', gpus: 64 }],
  ['60 frames a second', { frame_rate: 60 }],
  ['60 frames a second, 32 GPUs', { frame_rate: 60, gpus: 32 }],
  ['64 GPUs, and work of 5 s for each worker (`target_s`)', { gpus: 64, split: { target_s: 5 } }],
  ['16 T4', { gpu: 'T4' }],
  ['16 A10G', { gpu: 'A10G' }],
  ['an L4 has one encoder, as a third party says', { engines: 1 }],
  ['Batch needs 15 s to start a container', { assumed: { ...ASSUMED, dispatch_s: 15 } }],
  ['a worker needs 10 s beside its frames', { assumed: { ...ASSUMED, start_s: 10 } }],
  ['packaging at 100 MB/s', packagingAt(100e6)],
  ['packaging at 150 MB/s', packagingAt(150e6)],
  ['packaging at 200 MB/s', packagingAt(200e6)],
  ['packaging as fast as gp3 as it comes is written, at 125 MiB/s', packagingAt(125 * MIB)],
  ['packaging as fast as gp3 at 500 MiB/s is written', packagingAt(500 * MIB)],
  ['Spot, and each instance lost once an hour', { spot: true, assumed: { ...ASSUMED, losses_per_hour: 1 } }],
];

function packagingAt(package_bytes_per_s: number): Omit<HourWords, 'seed'> {
  return { assumed: { ...ASSUMED, package_bytes_per_s } };
}

export interface WhatIf extends HourRuns {
  readonly what: string;
}

export function simulateWhatIfs(seed: number): WhatIf[] {
  return WHAT_IFS.map(([what, words]) => ({ what, ...simulateHours({ seed, ...words }) }));
}
