import { expect, it, vi } from 'vitest';
import { createEventBus } from '../../../local/events/bus.ts';

const pattern = { source: ['aws.batch'] };
const event = { source: 'aws.batch', id: '1' };

/** A bus with one rule, whose target fails as often as told. */
function busThatFails(times: number, backoff?: number[]) {
  const target = vi.fn(async () => {
    if (target.mock.calls.length <= times) throw new Error('out of order');
  });
  const wait = vi.fn(async () => {});
  const log = vi.fn();
  const bus = createEventBus({ rules: [{ name: 'settle', pattern, target }], backoff, wait, log });
  return { bus, target, wait, log };
}

it('delivers an event to each target whose pattern matches', async () => {
  const taken: string[] = [];
  const rule = (name: string, source: string) => ({
    name,
    pattern: { source: [source] },
    target: async () => void taken.push(name),
  });
  const rules = [rule('a', 'aws.batch'), rule('b', 'aws.ecs'), rule('c', 'aws.batch')];
  await createEventBus({ rules }).publish(event);
  expect(taken).toEqual(['a', 'c']);
});

it.each([
  [0, 1, [], false],
  [1, 2, [1000], false],
  [2, 3, [1000, 2000], false],
  [3, 3, [1000, 2000], true],
])('a target that fails %d times is invoked %d times, after waits of %j; lost: %s', async (...row) => {
  const [failures, invocations, waits, isLost] = row;
  const { bus, target, wait, log } = busThatFails(failures);
  await bus.publish(event);
  expect(target).toHaveBeenCalledTimes(invocations);
  expect(target).toHaveBeenLastCalledWith(event);
  expect(wait.mock.calls).toEqual(waits.map((milliseconds) => [milliseconds]));
  expect(log).toHaveBeenCalledTimes(isLost ? 1 : 0);
});

it('says which rule lost which event, and why', async () => {
  const { bus, log } = busThatFails(3);
  await bus.publish(event);
  expect(log).toHaveBeenCalledWith(
    expect.stringMatching(/EVENT LOST.*settle.*\n.*"id":"1".*\n.*out of order/),
  );
});

it('waits as long as it is told', async () => {
  const { bus, wait } = busThatFails(1, [5]);
  await bus.publish(event);
  expect(wait).toHaveBeenCalledWith(5);
});

it('a target that fails does not keep the others from the event', async () => {
  const other = vi.fn(async () => {});
  const failing = async () => Promise.reject(new Error('no'));
  const rules = [
    { name: 'a', pattern, target: failing },
    { name: 'b', pattern, target: other },
  ];
  await createEventBus({ rules, backoff: [], log: () => {} }).publish(event);
  expect(other).toHaveBeenCalledOnce();
});

it('publishing resolves when the targets are done', async () => {
  let release = () => {};
  const target = () => new Promise<void>((resolve) => (release = resolve));
  const done = vi.fn();
  const published = createEventBus({ rules: [{ name: 'a', pattern, target }] })
    .publish(event)
    .then(done);
  await new Promise(setImmediate);
  expect(done).not.toHaveBeenCalled();
  release();
  await published;
});

it('refuses a rule whose pattern it could not judge', () => {
  const rules = [{ name: 'a', pattern: { source: [{ wildcard: 'a*' }] }, target: async () => {} }];
  expect(() => createEventBus({ rules })).toThrow('unknown matcher');
});
