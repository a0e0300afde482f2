import { expect, it } from 'vitest';
import type { JobRecord, JobSnapshot, Made } from '../../../domain/job/job-record.ts';
import { jobResource } from '../../../domain/job/job-resource.ts';
import { parseJobRequest } from '../../../domain/request/job-request.ts';
import { requestWith } from '../../support/requests.ts';

const { request } = parseJobRequest(JSON.stringify(requestWith({ outputs: [{}, {}] })));

const made: Made = {
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
};
const error = { code: 'output_verification_failed', message: 'It is wrong.', retryable: true } as const;

function snapshot(job: Partial<JobRecord>, rest: Partial<JobSnapshot> = {}): JobSnapshot {
  const { region, bucket, provider } = request.destination;
  return {
    job: {
      job_id: '0190-1',
      tenant: 'alice',
      status: 'created',
      created_at: '2026-01-01T00:00:00.000Z',
      input_url: 'https://media.example/video.mp4',
      destination: { provider, region, bucket },
      outputs: request.outputs,
      warnings: [],
      sealed_work: 'sealed',
      sealed_callback: 'sealed',
      ...job,
    },
    encoded: 0,
    packaged: 0,
    encodingSeconds: 0,
    callbacks: [],
    ...rest,
  };
}

it.each<[JobRecord['status'], Partial<JobRecord>, [number, number], [number, number]]>([
  ['created', {}, [0, 0], [0, 0]],
  ['encode_in_progress', {}, [0.4, 0], [0.4, 0]],
  ['encode_complete', {}, [0.99, 0], [1, 0]],
  ['packaging_in_progress', {}, [0.99, 0.5], [1, 0.5]],
  ['complete', {}, [0.99, 0.99], [1, 1]],
  ['error', {}, [0.4, 0], [0.4, 0]],
  ['error', { encoded_at: '2026-01-01T00:00:10Z' }, [0.99, 0.5], [1, 0.5]],
])('tells how far a job is that is %s', (status, job, [encoded, packaged], expected) => {
  const resource = jobResource(snapshot({ status, ...job }, { encoded, packaged }));
  expect([resource.encode_completion_pct, resource.packaging_completion_pct]).toEqual(expected);
});

it.each<[Partial<JobRecord>, object | undefined]>([
  [
    { status: 'complete', usd_per_hour: 0.805 },
    { gpu_seconds: 90.5, usd: 0.020237 },
  ],
  [{ status: 'error' }, { gpu_seconds: 90.5, usd: 0 }],
  [{ status: 'encode_in_progress', usd_per_hour: 0.805 }, undefined],
])('tells of a job that is %j what it cost, once it has ended', (job, cost) => {
  expect(jobResource(snapshot(job, { encodingSeconds: 90.5 })).cost).toEqual(cost);
});

it('shows no secret and nothing of how a job is stored', () => {
  const resource = jobResource(
    snapshot({ batch_job_id: 'b-1', claimed_by: 'b-1', callback_status: 'waiting' }),
  );
  expect(Object.keys(resource).sort()).toEqual([
    'callbacks',
    'created_at',
    'encode_completion_pct',
    'input',
    'job_id',
    'outputs',
    'packaging_completion_pct',
    'status',
    'timings',
    'warnings',
  ]);
  expect(JSON.stringify(resource)).not.toContain('sealed');
});

it('gives each output its own end', () => {
  const outputs = [
    { status: 'complete', url: 's3://octet-media/video_0.mp4', made } as const,
    { status: 'error', error } as const,
  ];
  const resource = jobResource(snapshot({ status: 'error', outcome: { outputs }, error }));
  expect(resource.outputs).toEqual([
    { dest_path: 'video_0.mp4', status: 'complete', url: 's3://octet-media/video_0.mp4', ...made },
    { dest_path: 'video_1.mp4', status: 'error', error },
  ]);
});

it('gives outputs that were never made the error of their job', () => {
  const cancelled = { code: 'cancelled', message: 'The job was cancelled.', retryable: false } as const;
  const resource = jobResource(snapshot({ status: 'error', error: cancelled }));
  expect(resource.outputs.map((output) => output.error)).toEqual([cancelled, cancelled]);
});

it('does not call an output complete before its job has ended', () => {
  const outputs = [{ status: 'complete', url: 's3://octet-media/video_0.mp4', made } as const];
  const resource = jobResource(snapshot({ status: 'packaging_in_progress', outcome: { outputs } }));
  expect(resource.outputs[0]).toEqual({ dest_path: 'video_0.mp4', status: 'packaging_in_progress' });
});

it('counts the steps in seconds from the creation', () => {
  const { timings } = jobResource(
    snapshot({
      submitted_at: '2026-01-01T00:00:00.250Z',
      started_at: '2026-01-01T00:00:30.000Z',
      finished_at: '2026-01-01T00:02:00.000Z',
    }),
  );
  expect(timings).toEqual({ queued: 0.25, started: 30, finished: 120 });
});
