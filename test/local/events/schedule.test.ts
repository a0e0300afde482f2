import { afterEach, expect, it, vi } from 'vitest';
import { type Schedule, startSchedule } from '../../../local/events/schedule.ts';

let schedule: Schedule | undefined;

afterEach(() => schedule?.close());

it('invokes again and again, also after a turn that failed', async () => {
  const lines: string[] = [];
  let turns = 0;
  const invoke = async () => {
    turns += 1;
    if (turns === 1) throw new Error('first turn');
  };
  schedule = startSchedule(invoke, 1, (line) => lines.push(line));
  await vi.waitFor(() => expect(turns).toBeGreaterThan(3));
  expect(lines).toEqual([expect.stringContaining('schedule: a turn failed: Error: first turn')]);
});

it('takes no turn while one is under way, and waits for it when it is closed', async () => {
  let [turns, ended] = [0, 0];
  let end = () => {};
  const invoke = async () => {
    turns += 1;
    await new Promise<void>((resolve) => {
      end = resolve;
    });
    ended += 1;
  };
  schedule = startSchedule(invoke, 1);
  await vi.waitFor(() => expect(turns).toBe(1));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(turns).toBe(1);
  const closed = schedule.close();
  end();
  await closed;
  expect(ended).toBe(1);
});
