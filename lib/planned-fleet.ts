import type { FleetInput } from '../domain/plan/fleet.ts';
import { gpuSpeeds } from '../domain/plan/gpu-speeds.ts';
import { GPU_INSTANCE_CLASSES, type GpuInstanceClass, type OctetConfig } from './config.ts';
import { GPU_JOB } from './worker-job.ts';

/** USD an hour of the smallest On-Demand instance in us-east-1: https://aws.amazon.com/ec2/pricing/on-demand/ */
const USD_PER_HOUR: Record<GpuInstanceClass, number> = {
  g4dn: 0.526,
  g5: 1.006,
  g6: 0.805,
  g6e: 1.861,
  gr6: 1.539,
};

/** Seconds from a container's start to its first frame and from its last one to its end: assumed, not measured. */
const START_S = 4;

/** Bytes of outputs that are read out of the bucket into a file, verified and uploaded in a second: assumed, not measured. */
const PACKAGE_BYTES_PER_S = 250e6;

/** What jobs are planned for: as many machines as there may be, all of the first family, at what they cost at the most. */
export function plannedFleet({ instanceClasses, maxGpuVcpus, split }: OctetConfig): FleetInput {
  const [first] = instanceClasses as [GpuInstanceClass, ...GpuInstanceClass[]];
  return {
    host: gpuSpeeds(GPU_INSTANCE_CLASSES[first]),
    hosts: Math.floor(maxGpuVcpus / GPU_JOB.cpu),
    usd_per_hour: USD_PER_HOUR[first],
    start_s: START_S,
    package_bytes_per_s: PACKAGE_BYTES_PER_S,
    split,
  };
}
