import { expect, it } from 'vitest';
import { CallClock } from '../../../local/bench/calls.ts';

it('counts the time in which no call is on its way, also where calls overlap', () => {
  const clock = new CallClock();
  clock.reset(100);
  clock.begin(105);
  clock.begin(107);
  clock.end(110);
  expect(clock.idle(115)).toBe(5);
  clock.end(120);
  expect(clock.idle(123)).toBe(5 + 3);
  clock.begin(125);
  expect(clock.idle(130)).toBe(5 + 5);
  clock.end(140);
  clock.reset(200);
  expect(clock.idle(204)).toBe(4);
});
