import { expect, it } from 'vitest';
import { eventFate } from '../../../local/chaos/event-fates.ts';
import { FaultPlan, serviceKills } from '../../../local/chaos/faults.ts';
import { jobSpecs } from '../../../local/chaos/job-specs.ts';
import { random } from '../../../local/chaos/random.ts';
import { ERRORS, SERVICES, type ServiceName } from '../../../local/chaos/service-errors.ts';

const numbers = Array.from({ length: 4000 }, (_, index) => index + 1);

function faultsOf(seed: number, service: ServiceName = 'dynamodb') {
  const plan = new FaultPlan(seed, 200);
  return numbers.map((count) => plan.faultOf(service, count));
}

it('has the same faults for the same seed, and others for another', () => {
  expect(faultsOf(7)).toEqual(faultsOf(7));
  expect(faultsOf(7)).not.toEqual(faultsOf(8));
  expect(jobSpecs(7, 100)).toEqual(jobSpecs(7, 100));
  expect(jobSpecs(7, 100)).not.toEqual(jobSpecs(8, 100));
  const fates = (seed: number) => numbers.map((count) => eventFate(seed, 0, count));
  expect(fates(7)).toEqual(fates(7));
  expect(fates(7)).not.toEqual(fates(8));
});

it('decides on a request by its number alone, in whatever order requests are asked about', () => {
  const plan = new FaultPlan(3, 20);
  const backwards = numbers.toReversed().map((count) => plan.faultOf('s3', count));
  expect(backwards.toReversed()).toEqual(faultsOf(3, 's3'));
});

it.each(SERVICES)('lets most requests of %s pass, and has every kind of fault for the others', (service) => {
  const faults = faultsOf(11, service);
  const shareOf = (kind: string) => faults.filter((fault) => fault.kind === kind).length / faults.length;
  expect(shareOf('none')).toBeGreaterThan(0.75);
  expect(shareOf('none')).toBeLessThan(0.9);
  for (const kind of ['delay', 'error', 'cut', 'silence']) expect(shareOf(kind), kind).toBeGreaterThan(0);
  const codes = faults.flatMap((fault) => (fault.kind === 'error' ? [fault.error.code] : []));
  expect(new Set(codes)).toEqual(new Set(ERRORS[service].map(({ code }) => code)));
});

it('has outages, which are longer than the SDK tries', () => {
  const kinds = faultsOf(1).map(({ kind }) => kind);
  const isOut = (at: number) => kinds.slice(at, at + 8).every((kind) => kind === 'error');
  expect(kinds.some((_, at) => at + 8 <= kinds.length && isOut(at))).toBe(true);
});

it('cuts connections both before and after the service has the request', () => {
  const reached = faultsOf(5).flatMap((fault) => (fault.kind === 'cut' ? [fault.reached] : []));
  expect(new Set(reached)).toEqual(new Set([true, false]));
});

it.each([
  [1, 2],
  [20, 2],
  [200, 4],
])('kills the service in a run of %i jobs %i times, and never close together', (jobs, times) => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const at = [...serviceKills(seed, jobs)];
    expect(at).toHaveLength(times);
    expect(at).toEqual(at.toSorted((a, b) => a - b));
    const plan = new FaultPlan(seed, jobs);
    for (const count of at) expect(plan.faultOf('dynamodb', count)).toMatchObject({ victim: 'service' });
  }
});

it('draws numbers evenly from 0 up to 1', () => {
  const drawn = numbers.map((count) => random(1, count));
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...drawn)).toBeLessThan(1);
  const tenths = drawn.map((number) => Math.floor(number * 10));
  for (let tenth = 0; tenth < 10; tenth++) {
    expect(tenths.filter((each) => each === tenth).length).toBeGreaterThan(300);
  }
});

it('doubles, delays and keeps events, and loses none', () => {
  const fates = numbers.map((count) => eventFate(2, 0, count));
  expect(new Set(fates.map(({ length }) => length))).toEqual(new Set([1, 2]));
  expect(fates.some(([ms = 0]) => ms === 0)).toBe(true);
  expect(fates.some(([ms = 0]) => ms > 1000)).toBe(true);
});

it('has jobs whose inputs fail, jobs with two outputs, and receivers of every kind; some are sent twice, and some cancelled', () => {
  const specs = jobSpecs(1, 300);
  const all = <T>(of: (spec: (typeof specs)[number]) => T) => new Set(specs.map(of));
  expect(all(({ input }) => input)).toEqual(new Set(['whole', 'flaky', 'gone', 'truncated']));
  expect(all(({ outputs }) => outputs)).toEqual(new Set([1, 2]));
  expect(all(({ isSentTwice }) => isSentTwice)).toEqual(new Set([true, false]));
  expect(all(({ cancelAfterMs }) => cancelAfterMs).size).toBeGreaterThan(10);
  expect(all(({ receiver }) => receiver)).toEqual(new Set(['fail', 'hang', 'redirect', 'throttle', 'cut']));
});
