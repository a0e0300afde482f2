import { v7 as uuid } from 'uuid';
import type { NewJobRecord, Outcome } from '../../domain/job/job-record.ts';
import { parseJobRequest } from '../../domain/request/job-request.ts';
import { requestWith } from './requests.ts';

const { request, outputs } = parseJobRequest(JSON.stringify(requestWith()));
const { creds: _, ...destination } = request.destination;

/** A job of its own id as create stores it, with some of its fields replaced. */
export function newJob(fields: Partial<NewJobRecord> = {}): NewJobRecord {
  return {
    job_id: uuid(),
    tenant: 'alice',
    status: 'created',
    created_at: '2026-01-01T00:00:00.000Z',
    input_url: request.input.url,
    destination,
    outputs: [...outputs],
    warnings: [],
    sealed_work: 'sealed work',
    ...fields,
  };
}

export const failure = { code: 'input_corrupt', message: 'It is broken.', retryable: false } as const;

/** What a worker leaves that has made a job's one output. */
export const success: Outcome = {
  outputs: [
    {
      status: 'complete',
      url: 's3://octet-media/video_0.mp4',
      made: {
        codec: 'h264',
        profile: 'High',
        level: '4.1',
        width: 1280,
        height: 720,
        frames: 250,
        duration: 10,
        bitrate_kbps: 3000,
        size: 3_750_000,
        encoder: 'libx264',
      },
    },
  ],
};
