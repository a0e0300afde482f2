import { expect, it } from 'vitest';
import { hasEnded, JOB_STATES, type JobState, statesBefore } from '../../../domain/job/job-state.ts';

it.each<[JobState, JobState[]]>([
  ['created', []],
  ['encode_in_progress', ['created']],
  ['encode_complete', ['created', 'encode_in_progress']],
  ['packaging_in_progress', ['created', 'encode_in_progress', 'encode_complete']],
  ['complete', ['created', 'encode_in_progress', 'encode_complete', 'packaging_in_progress']],
  ['error', ['created', 'encode_in_progress', 'encode_complete', 'packaging_in_progress']],
])('%s may follow %j', (to, from) => {
  expect(statesBefore(to)).toEqual(from);
});

it('knows the ends', () => {
  expect(JOB_STATES.filter(hasEnded)).toEqual(['complete', 'error']);
});
