import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type GpuName, gpuSpeeds } from '../../../domain/plan/gpu-speeds.ts';
import { planJob } from '../../../domain/plan/plan.ts';
import { fleetOf, inputOf, renditionsOf } from './support/planning.ts';

/** The same cases at each run, so that who breaks something hears of it, and nobody else. */
const seed = 20_260_101;

const ladders = [['1920x1080', '1280x720', '854x480', '426x240'], ['1280x720'], ['320x180', '160x90']];

const jobs = fc.record({
  input: fc.record({
    duration: fc.double({ min: 0.04, max: 12 * 3600, noNaN: true }),
    frameRate: fc.constantFrom(undefined, 1, 24_000 / 1001, 25, 60),
    container: fc.constantFrom('mp4', 'mov', 'mkv', 'webm', 'ts', undefined),
  }),
  renditions: fc
    .record({
      ladder: fc.constantFrom(...ladders),
      preset: fc.constantFrom('slow', 'medium', 'fast', 'hp'),
      bitrate_kbps: fc.constantFrom(undefined, 500, 8000),
    })
    .map(({ ladder, ...words }) => renditionsOf(...ladder.map((resolution) => ({ resolution, ...words })))),
});

const fleets = fc.record({
  host: fc.constantFrom<GpuName>('T4', 'A10G', 'L4', 'L40S').map(gpuSpeeds),
  start_s: fc.double({ min: 0, max: 120, noNaN: true }),
  package_bytes_per_s: fc.double({ min: 1e6, max: 1e9, noNaN: true }),
});

const splits = fc.record({
  quick_s: fc.double({ min: 1, max: 600, noNaN: true }),
  target_s: fc.double({ min: 1, max: 600, noNaN: true }),
  min_span_s: fc.double({ min: 0.5, max: 120, noNaN: true }),
  max_children: fc.integer({ min: 1, max: 200 }),
});

const hosts = fc.integer({ min: 1, max: 200 });

it('has every moment in one span, none too short but the last, and no more workers than there may be', () => {
  fc.assert(
    fc.property(jobs, fleets, splits, hosts, (job, fleet, split, hosts) => {
      const input = inputOf(job.input.duration, job.input);
      const { plan } = planJob(input, job.renditions, fleetOf({ ...fleet, hosts, split }));
      const { spans, children, side_by_side } = plan;
      expect(children).toBeLessThanOrEqual(Math.min(hosts, split.max_children));
      expect(spans).toHaveLength(children * side_by_side);
      expect(spans[0]?.start).toBe(0);
      // Cuts are a little before the frame that is meant.
      const early = 0.005 + 1e-6;
      for (const [index, { start, end }] of spans.entries()) {
        expect(end).toBe(spans[index + 1]?.start);
        expect(end ?? input.duration).toBeGreaterThan(start);
        if (end !== undefined) expect(end - start).toBeGreaterThanOrEqual(split.min_span_s - early);
      }
    }),
    { seed },
  );
});

it('has a forced split keep to the frames that there are', () => {
  fc.assert(
    fc.property(jobs, fleets, fc.integer({ min: 1, max: 10_000 }), (job, fleet, children) => {
      const input = inputOf(job.input.duration, job.input);
      const { plan } = planJob(input, job.renditions, fleetOf({ ...fleet, split: { children } }));
      const frames = job.input.duration * (job.input.frameRate ?? 30);
      expect(plan.children).toBeLessThanOrEqual(children);
      expect(plan.spans.length).toBeLessThanOrEqual(Math.max(frames, 1));
    }),
    { seed },
  );
});

it('is expected no later on more machines, and sooner up to the number of workers that it tells', () => {
  fc.assert(
    fc.property(jobs, fleets, (job, fleet) => {
      const input = inputOf(job.input.duration, job.input);
      const split = { quick_s: 0.001, target_s: 0.001, min_span_s: 2 };
      const planOn = (hosts: number) =>
        planJob(input, job.renditions, fleetOf({ ...fleet, hosts, split: { ...split } }));
      const counts = [1, 2, 3, 4, 8, 16, 32, 64];
      const planned = counts.map(planOn);
      const seconds = planned.map(({ expected }) => expected?.seconds ?? 0);
      for (const [index, value] of seconds.entries()) {
        if (index > 0) expect(value).toBeLessThanOrEqual((seconds[index - 1] ?? 0) + 1e-9);
      }
      const fastest = planned.at(-1)?.expected?.fastest_children ?? 1;
      const last = seconds.at(-1) ?? 0;
      for (const [index, count] of counts.entries()) {
        if (count < fastest) expect(seconds[index]).toBeGreaterThan(last);
        else expect(seconds[index]).toBeCloseTo(last, 9);
      }
    }),
    { seed },
  );
});

it('is never expected later than unsplit', () => {
  fc.assert(
    fc.property(jobs, fleets, splits, hosts, (job, fleet, split, hosts) => {
      const input = inputOf(job.input.duration, job.input);
      const seconds = (hosts: number) =>
        planJob(input, job.renditions, fleetOf({ ...fleet, hosts, split })).expected?.seconds ?? 0;
      expect(seconds(hosts)).toBeLessThanOrEqual(seconds(1));
    }),
    { seed },
  );
});
