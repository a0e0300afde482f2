import type { Fleet } from '../../domain/plan/fleet.ts';
import { random } from '../chaos/random.ts';
import type { Assumptions } from './assumptions.ts';
import { Clock } from './clock.ts';
import { type JobWork, type Order, workOf } from './job-work.ts';
import { Machines } from './machines.ts';

export interface SimulatedJob {
  /** Seconds from the simulation's beginning. */
  readonly created: number;
  readonly order: Order;
}

export interface SimulatedFleet {
  /** What the planner is told. */
  readonly fleet: Fleet;
  readonly assumed: Assumptions;
  /** Whether machines run from the beginning. */
  readonly warm: boolean;
  readonly spot: boolean;
  /** Of the workers' speeds and the losses. */
  readonly seed: number;
}

/** What came of jobs. */
export interface Run {
  /** Of each job, in seconds from its creation to its last file. */
  readonly turnarounds: readonly number[];
  /** Seconds from the beginning to the last job's end. */
  readonly end: number;
  /** Seconds for which containers ran. */
  readonly gpu_busy_s: number;
  readonly packager_busy_s: number;
  /** Seconds for which instances with GPUs are paid for, from their start until they have waited in vain; 0 for warm ones. */
  readonly gpu_paid_s: number;
  readonly losses: number;
}

/** Runs jobs, in the order in which they are created, through a fleet, event by event. The same seed gives the same run. */
export function simulate(jobs: readonly SimulatedJob[], simulated: SimulatedFleet): Run {
  const { fleet, assumed, warm, seed } = simulated;
  const clock = new Clock();
  const gpus = gpuMachines(clock, simulated);
  const packagers = new Machines(clock, {
    ...assumed,
    warm,
    most: assumed.packagers,
    boot_s: assumed.packager_boot_s + assumed.pull_s,
    lifetime: () => Number.POSITIVE_INFINITY,
  });
  const submit = submissions(clock, assumed.submits_per_s);
  const workFor = planner(fleet);
  const turnarounds: number[] = [];
  let ended = 0;

  const begin = (job: SimulatedJob, index: number) => {
    const { encode_s, package_s } = workFor(job.order);
    const onEnd = () => {
      turnarounds[index] = clock.now - job.created;
      ended++;
    };
    const seconds = encode_s.map(
      (planned, child) => assumed.start_s + planned * luck(seed, assumed.spread, index, child),
    );
    const [first = 0] = seconds;
    if (seconds.length === 1) return submit(() => gpus.submit({ seconds: first + package_s, onEnd }));
    let left = seconds.length;
    const onEncoded = () => {
      if (--left === 0) packagers.submit({ seconds: assumed.start_s + package_s, onEnd });
    };
    submit(() => {
      for (const each of seconds) gpus.submit({ seconds: each, onEnd: onEncoded });
    });
    // The packaging job, which waits for the array in Batch.
    submit(() => {});
  };

  const awaitJob = (index: number) => {
    const job = jobs[index];
    if (job === undefined) return;
    clock.after(job.created - clock.now, () => {
      begin(job, index);
      awaitJob(index + 1);
    });
  };
  awaitJob(0);
  clock.runUntil(() => ended === jobs.length);
  return {
    turnarounds,
    end: clock.now,
    gpu_busy_s: gpus.busySeconds,
    packager_busy_s: packagers.busySeconds,
    gpu_paid_s: warm ? 0 : gpus.paidSeconds(),
    losses: gpus.losses,
  };
}

function gpuMachines(clock: Clock, { fleet, assumed, warm, spot, seed }: SimulatedFleet): Machines {
  const meanLifetime = 3600 / assumed.losses_per_hour;
  const lifetime = (machine: number) => -Math.log(1 - random(seed, 'lifetime', machine)) * meanLifetime;
  return new Machines(clock, {
    ...assumed,
    warm,
    most: fleet.hosts,
    boot_s: assumed.gpu_boot_s + assumed.pull_s,
    lifetime: spot && assumed.losses_per_hour > 0 ? lifetime : () => Number.POSITIVE_INFINITY,
  });
}

/** Calls of SubmitJob, which wait for each other where there are too many. */
function submissions(clock: Clock, perSecond: number): (call: () => void) => void {
  let free = 0;
  return (call) => {
    const at = Math.max(clock.now, free);
    free = at + 1 / perSecond;
    clock.after(at - clock.now, call);
  };
}

/** Plans jobs. The same order is planned once. */
function planner(fleet: Fleet): (order: Order) => JobWork {
  const known = new Map<Order, JobWork>();
  return (order) => {
    const work = known.get(order) ?? workOf(order, fleet);
    known.set(order, work);
    return work;
  };
}

/** How much longer than planned a worker encodes. */
function luck(seed: number, spread: number, job: number, child: number): number {
  return 1 + spread * (2 * random(seed, 'luck', job, child) - 1);
}
