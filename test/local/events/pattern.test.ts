import { expect, it } from 'vitest';
import { type EventPattern, matches } from '../../../local/events/pattern.ts';

const event = {
  source: 'aws.batch',
  'detail-type': 'Batch Job State Change',
  resources: ['arn:aws:batch:us-east-1:000000000000:job/1'],
  detail: {
    status: 'FAILED',
    jobQueue: 'arn:aws:batch:us-east-1:000000000000:job-queue/gpu',
    createdAt: 7,
    isTerminated: false,
    stoppedAt: null,
    tags: {},
    attempts: [{ container: { exitCode: 1 } }, { container: { exitCode: 0, reason: 'late' } }],
  },
};

const detail = (part: EventPattern): EventPattern => ({ detail: part });

it.each<[boolean, EventPattern]>([
  [true, {}],
  [true, { source: ['aws.batch'] }],
  [false, { source: ['aws.ecs'] }],
  [false, { source: [] }],
  [true, { source: ['aws.ecs', 'aws.batch'] }],
  [true, { source: ['aws.batch'], 'detail-type': ['Batch Job State Change'] }],
  [false, { source: ['aws.batch'], 'detail-type': ['ECS Task State Change'] }],
  [true, detail({ status: ['SUCCEEDED', 'FAILED'] })],
  [false, detail({ status: ['failed'] })],
  [true, detail({ createdAt: [7] })],
  [false, detail({ createdAt: ['7'] })],
  [true, detail({ isTerminated: [false] })],
  [false, detail({ isTerminated: [true] })],
  [true, detail({ stoppedAt: [null] })],
  [false, detail({ missing: [null] })],
  [false, detail({ status: { deeper: ['FAILED'] } })],
  [true, { resources: ['arn:aws:batch:us-east-1:000000000000:job/1', 'x'] }],
  [true, { resources: [{ suffix: 'job/1' }] }],
  [false, { resources: ['x'] }],
  [true, detail({ attempts: { container: { exitCode: [0] } } })],
  [false, detail({ attempts: { container: { exitCode: [2] } } })],
  [true, detail({ jobQueue: [{ prefix: 'arn:aws:batch:' }] })],
  [false, detail({ jobQueue: [{ prefix: 'job-queue' }] })],
  [true, detail({ jobQueue: [{ suffix: '/gpu' }] })],
  [false, detail({ jobQueue: [{ suffix: '/cpu' }] })],
  [true, detail({ jobQueue: [{ suffix: '/cpu' }, { suffix: '/gpu' }] })],
  [false, detail({ createdAt: [{ prefix: '7' }] })],
  [true, detail({ status: [{ exists: true }] })],
  [false, detail({ status: [{ exists: false }] })],
  [true, detail({ missing: [{ exists: false }] })],
  [true, { missing: { deeper: [{ exists: false }] } }],
  [false, detail({ missing: [{ exists: true }] })],
  [false, { constructor: [{ exists: true }] }],
  [true, detail({ status: [{ 'anything-but': 'SUCCEEDED' }] })],
  [false, detail({ status: [{ 'anything-but': 'FAILED' }] })],
  [false, detail({ status: [{ 'anything-but': ['SUCCEEDED', 'FAILED'] }] })],
  [false, detail({ createdAt: [{ 'anything-but': 7 }] })],
  [false, detail({ missing: [{ 'anything-but': 'FAILED' }] })],
  [false, detail({ status: [{ 'anything-but': { prefix: 'FAIL' } }] })],
  [true, detail({ status: [{ 'anything-but': { suffix: 'X' } }] })],
])('%s: %j', (expected, pattern) => {
  expect(matches(pattern, event)).toBe(expected);
});

it.each<[string, unknown]>([
  [
    'detail.createdAt has an unknown matcher {"numeric":[">",1]}',
    detail({ createdAt: [{ numeric: ['>', 1] }] }),
  ],
  ['source has an unknown matcher {"wildcard":"a*"}', { source: [{ wildcard: 'a*' }] }],
  ['source has an unknown matcher {"prefix":1}', { source: [{ prefix: 1 }] }],
  ['source has an unknown matcher {"prefix":"a","suffix":"b"}', { source: [{ prefix: 'a', suffix: 'b' }] }],
  ['source has an unknown matcher {}', { source: [{}] }],
  [
    'source has an unknown matcher {"anything-but":{"cidr":"10.0.0.0/8"}}',
    { source: [{ 'anything-but': { cidr: '10.0.0.0/8' } }] },
  ],
  ['source must be an object or an array of values', { source: 'aws.batch' }],
  ['$or is not implemented', { $or: [] }],
])('a pattern is refused, whatever the event: %s', (message, pattern) => {
  expect(() => matches(pattern as EventPattern, {})).toThrow(`Event pattern: ${message}`);
});
