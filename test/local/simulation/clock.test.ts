import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Clock } from '../../../local/simulation/clock.ts';

it('has everything happen in the order of time, and of planning where times are the same', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (delays) => {
      const clock = new Clock();
      const happened: [time: number, number: number][] = [];
      for (const [number, delay] of delays.entries()) {
        clock.after(delay, () => happened.push([clock.now, number]));
      }
      clock.runUntil(() => false);
      const sorted = delays.map((delay, number) => [delay, number]).sort(([a = 0], [b = 0]) => a - b);
      expect(happened).toEqual(sorted);
    }),
    { seed: 20_260_101 },
  );
});

it('counts delays from the time at which they are asked for', () => {
  const clock = new Clock();
  const times: number[] = [];
  clock.after(3, () => clock.after(4, () => times.push(clock.now)));
  clock.after(5, () => times.push(clock.now));
  clock.runUntil(() => false);
  expect(times).toEqual([5, 7]);
});

it('stops where it is told', () => {
  const clock = new Clock();
  const tick = () => clock.after(1, tick);
  tick();
  clock.runUntil(() => clock.now === 10);
  expect(clock.now).toBe(10);
});
