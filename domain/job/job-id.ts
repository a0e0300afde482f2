import { validate } from 'uuid';

/** Whether a text has the form of a job's id. What has not is no job's, and may be too long to be looked for. */
export function isJobId(text: string): boolean {
  return validate(text);
}
