import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { execPath } from 'node:process';
import { afterEach, expect, it } from 'vitest';
import { killGroup } from '../../../local/batch/process-group.ts';
import { takeTurns } from '../../../local/bench/take-turns.ts';
import { Turn } from '../../../local/bench/turn.ts';
import { statOf } from '../../../local/processes.ts';

const groups = new Set<number>();

afterEach(() => {
  for (const group of groups) killGroup(group);
  groups.clear();
});

const SCRIPT = `
const child = require('node:child_process').spawn('sleep', ['600']);
process.stdin.resume().on('end', () => child.kill());
console.log(child.pid);`;

/** A process with a child, both of which wait until they are to end. */
async function family() {
  const process = spawn(execPath, ['-e', SCRIPT], { detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
  const parent = process.pid ?? Number.NaN;
  groups.add(parent);
  const [line] = await once(process.stdout, 'data');
  return {
    parent,
    child: Number(line),
    end: () => process.stdin.end(),
    ended: once(process, 'exit'),
  };
}

const isStopped = (pid: number) => statOf(pid)[0] === 'T';

it('stops processes and what they have started beside its time', async () => {
  const { parent, child } = await family();
  const turn = new Turn();
  turn.add(parent);
  await expect.poll(() => [parent, child].map(isStopped)).toEqual([true, true]);
  turn.begin();
  await expect.poll(() => [parent, child].map(isStopped)).toEqual([false, false]);
  turn.end();
  await expect.poll(() => [parent, child].map(isStopped)).toEqual([true, true]);
  turn.dissolve();
  await expect.poll(() => [parent, child].map(isStopped)).toEqual([false, false]);
});

it('counts the time of a turn alone', async () => {
  const begun = Date.now();
  const turn = new Turn();
  expect(turn.secondsBetween(begun, Date.now())).toBe(0);
  turn.begin();
  await expect.poll(() => turn.secondsBetween(begun, Date.now())).toBeGreaterThan(0.02);
  turn.end();
  const seconds = turn.secondsBetween(begun, Date.now());
  const later = Date.now();
  turn.begin();
  turn.end();
  expect(turn.secondsBetween(begun, later)).toBe(seconds);
  expect(turn.secondsBetween(begun - 2000, begun - 1000)).toBe(0);
});

it('has one of several works go on at a time, until all have ended', async () => {
  const families = { a: await family(), b: await family() };
  const done = takeTurns(
    ['a', 'b'],
    async (way, turn) => {
      turn.add(families[way].parent);
      await families[way].ended;
      return `${way} has ended`;
    },
    () => 20,
  );
  const states = () => [families.a.child, families.b.child].map(isStopped);
  await expect.poll(states, { interval: 3 }).toEqual([true, false]);
  await expect.poll(states, { interval: 3 }).toEqual([false, true]);
  families.a.end();
  families.b.end();
  expect(await done).toEqual({ a: 'a has ended', b: 'b has ended' });
});

it('leaves nothing stopped when a work fails', async () => {
  const { parent, child } = await family();
  const done = takeTurns(
    ['waits', 'fails'],
    async (way, turn) => {
      if (way === 'fails') throw new Error('No such encoder.');
      turn.add(parent);
      return new Promise<void>(() => {});
    },
    () => 20,
  );
  await expect(done).rejects.toThrow('No such encoder.');
  await expect.poll(() => [parent, child].map(isStopped)).toEqual([false, false]);
});
