import { expect, it } from 'vitest';
import { Clock } from '../../../local/simulation/clock.ts';
import { type MachineOptions, Machines } from '../../../local/simulation/machines.ts';

const WARM: MachineOptions = {
  most: 1,
  warm: true,
  boot_s: 100,
  dispatch_s: 5,
  idle_s: 60,
  lifetime: () => Number.POSITIVE_INFINITY,
};
const COLD = { ...WARM, warm: false };

/** Runs containers on machines, and tells when they ended. */
function run(options: MachineOptions, tasks: readonly (readonly [at: number, seconds: number])[]) {
  const clock = new Clock();
  const machines = new Machines(clock, options);
  const ends: number[] = [];
  for (const [index, [at, seconds]] of tasks.entries()) {
    clock.after(at, () =>
      machines.submit({
        seconds,
        onEnd: () => {
          ends[index] = clock.now;
        },
      }),
    );
  }
  clock.runUntil(() => Object.keys(ends).length === tasks.length);
  return { ends, machines };
}

/** The first machine is lost after some seconds, and no other. */
const losesFirstAfter = (seconds: number) => (machine: number) =>
  machine === 0 ? seconds : Number.POSITIVE_INFINITY;

it.each<
  [
    string,
    MachineOptions,
    readonly (readonly [number, number])[],
    { ends: number[]; busy: number; losses?: number },
  ]
>([
  ['starts a container when Batch has seen it', WARM, [[0, 10]], { ends: [15], busy: 10 }],
  [
    'has them wait for each other',
    WARM,
    [
      [0, 10],
      [1, 20],
    ],
    { ends: [15, 35], busy: 30 },
  ],
  [
    'runs as many at once as there are machines',
    { ...WARM, most: 2 },
    [
      [0, 10],
      [0, 20],
      [0, 30],
    ],
    { ends: [15, 25, 45], busy: 60 },
  ],
  ['starts a machine where none runs', COLD, [[0, 10]], { ends: [115], busy: 10 }],
  [
    'starts no more machines than there may be',
    COLD,
    [
      [0, 10],
      [0, 10],
    ],
    { ends: [115, 125], busy: 20 },
  ],
  [
    'takes a machine that still waits',
    COLD,
    [
      [0, 10],
      [160, 10],
    ],
    { ends: [115, 175], busy: 20 },
  ],
  [
    'starts another one when that has gone',
    COLD,
    [
      [0, 10],
      [171, 10],
    ],
    { ends: [115, 286], busy: 20 },
  ],
  [
    'begins again what a lost machine did, on the one that replaces it',
    { ...WARM, lifetime: losesFirstAfter(12) },
    [[0, 10]],
    { ends: [122], busy: 17, losses: 1 },
  ],
  [
    'begins it again on another one that is free',
    { ...WARM, most: 2, lifetime: (machine) => (machine === 1 ? 12 : Number.POSITIVE_INFINITY) },
    [[0, 10]],
    { ends: [27], busy: 17, losses: 1 },
  ],
])('%s', (_, options, tasks, { ends, busy, losses = 0 }) => {
  const result = run(options, tasks);
  expect(result.ends).toEqual(ends);
  expect(result.machines.busySeconds).toBe(busy);
  expect(result.machines.losses).toBe(losses);
});

it.each<[string, MachineOptions, readonly (readonly [number, number])[], number]>([
  ['its start, its work and its wait', COLD, [[0, 10]], 100 + 10 + 60],
  [
    'the time between two containers',
    COLD,
    [
      [0, 10],
      [140, 10],
    ],
    100 + 50 + 60,
  ],
  [
    'one after the other',
    COLD,
    [
      [0, 10],
      [200, 10],
    ],
    2 * (100 + 10 + 60),
  ],
  ['the lost one until it is lost', { ...COLD, lifetime: losesFirstAfter(4) }, [[0, 10]], 104 + 170],
])('has a cold machine paid for %s', (_, options, tasks, seconds) => {
  expect(run(options, tasks).machines.paidSeconds()).toBe(seconds);
});
