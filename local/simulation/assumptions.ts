import type { GpuName } from '../../domain/plan/gpu-speeds.ts';

/** USD an hour of an instance with one GPU, in us-east-1. */
interface Price {
  readonly on_demand: number;
  readonly spot: number;
}

/** Spot prices were 31 to 40% of these. */
const SPOT_SHARE = 0.35;

/** g4dn.xlarge, g5.xlarge, g6.xlarge: https://aws.amazon.com/ec2/pricing/on-demand/ */
const ON_DEMAND = { T4: 0.526, A10G: 1.006, L4: 0.805 } as const satisfies Partial<Record<GpuName, number>>;

export type SimulatedGpu = keyof typeof ON_DEMAND;

export function priceOf(gpu: SimulatedGpu): Price {
  return { on_demand: ON_DEMAND[gpu], spot: ON_DEMAND[gpu] * SPOT_SHARE };
}

/** What the fleet is like where the planner has no word for it. Seconds, unless they are called otherwise. */
export interface Assumptions {
  /** AWS Batch's limit for an account: https://docs.aws.amazon.com/batch/latest/userguide/service_limits.html */
  readonly submits_per_s: number;
  /** From a job that Batch may run to its container's start, on a machine that is free. */
  readonly dispatch_s: number;
  /** From the wish for a GPU instance to the ECS agent's first word. */
  readonly gpu_boot_s: number;
  /** The same of an instance that packages. */
  readonly packager_boot_s: number;
  /** For the worker's image, which has 777 MB. */
  readonly pull_s: number;
  /** How long an instance that has nothing to do stays, as lib/compute.ts has it. */
  readonly idle_s: number;
  /** Spot instances that are lost, of all that run for an hour. */
  readonly losses_per_hour: number;
  /** How much longer or shorter than planned a worker encodes, at the most, as a fraction. */
  readonly spread: number;
  /** Instances that package at the same time. */
  readonly packagers: number;
  /** USD an hour of such an instance: c7i.2xlarge. */
  readonly packager_usd_per_hour: number;
  /** Seconds of a worker before its first and after its last frame: container, self-test, probe, its last piece's upload. */
  readonly start_s: number;
  /** Bytes of outputs that are read out of the bucket into a file, verified and uploaded in a second. */
  readonly package_bytes_per_s: number;
}

export const ASSUMED: Assumptions = {
  submits_per_s: 50,
  dispatch_s: 5,
  gpu_boot_s: 150,
  packager_boot_s: 90,
  pull_s: 40,
  idle_s: 20 * 60,
  losses_per_hour: 0.05,
  spread: 0.1,
  packagers: 16,
  packager_usd_per_hour: 0.357,
  start_s: 5,
  package_bytes_per_s: 250e6,
};

/** As if machines were there, started and packaged at once, and were as fast as their figures say: for what is computed by hand. */
export const NO_OVERHEAD: Assumptions = {
  ...ASSUMED,
  submits_per_s: Number.POSITIVE_INFINITY,
  dispatch_s: 0,
  gpu_boot_s: 0,
  packager_boot_s: 0,
  pull_s: 0,
  losses_per_hour: 0,
  spread: 0,
  start_s: 0,
  package_bytes_per_s: Number.POSITIVE_INFINITY,
};
