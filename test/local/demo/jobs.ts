import type { JobResource } from '../../../domain/job/job-resource.ts';

/** A job's resource with two outputs, in the job's state, with some of its fields replaced. */
export function jobWith(fields: Partial<JobResource> = {}): JobResource {
  const { status = 'created' } = fields;
  return {
    job_id: '7',
    status,
    encode_completion_pct: 0,
    packaging_completion_pct: 0,
    created_at: '2026-01-01T00:00:00.000Z',
    outputs: ['video_240.mp4', 'video_1080.mp4'].map((dest_path) => ({ dest_path, status })),
    input: { url: 'https://media.example/video.mp4' },
    warnings: [],
    timings: {},
    callbacks: [],
    ...fields,
  };
}
