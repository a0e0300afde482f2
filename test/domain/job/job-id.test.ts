import { v7 as uuid } from 'uuid';
import { expect, it } from 'vitest';
import { isJobId } from '../../../domain/job/job-id.ts';

it('takes the ids that jobs get', () => {
  expect(isJobId(uuid())).toBe(true);
});

it.each(['', '1', 'job', '01a210d9-c4a6-7777-9a03-0f5d757df592 ', 'a'.repeat(3000)])(
  'does not take %j for an id',
  (text) => {
    expect(isJobId(text)).toBe(false);
  },
);
