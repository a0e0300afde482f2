import { tmpdir } from 'node:os';
import * as v from 'valibot';
import { countVariable, WORK_STEPS, WORKER_ENV, type WorkStep } from '../../domain/environment.ts';
import { type InputLimits, inputLimitsSchema } from '../../domain/media/input-limits.ts';

const required = v.pipe(v.optional(v.string(), ''), v.minLength(1, 'is not set'));

const optional = (fallback: string) => v.pipe(v.optional(v.string(), fallback), v.minLength(1, 'is empty'));

const environmentSchema = v.object({
  [WORKER_ENV.jobId]: required,
  [WORKER_ENV.step]: v.optional(v.picklist(WORK_STEPS, `must be one of ${WORK_STEPS.join(', ')}`), 'whole'),
  [WORKER_ENV.tableName]: required,
  [WORKER_ENV.scratchBucket]: required,
  [WORKER_ENV.keyId]: required,
  [WORKER_ENV.retentionDays]: countVariable,
  [WORKER_ENV.allowPrivateHosts]: v.optional(v.picklist(['true', 'false'], 'must be true or false'), 'false'),
  [WORKER_ENV.inputLimits]: v.pipe(
    v.optional(v.string(), '{}'),
    v.parseJson(undefined, 'must be JSON'),
    inputLimitsSchema,
  ),
  [WORKER_ENV.scratchDir]: optional(tmpdir()),
  [WORKER_ENV.ffmpegPath]: optional('ffmpeg'),
  [WORKER_ENV.ffprobePath]: optional('ffprobe'),
  [WORKER_ENV.gpu]: v.optional(
    v.picklist(['required', 'optional'], 'must be required or optional'),
    'optional',
  ),
  /** Set by Batch: https://docs.aws.amazon.com/batch/latest/userguide/job_env_vars.html */
  AWS_BATCH_JOB_ID: required,
  AWS_BATCH_JOB_ARRAY_INDEX: v.optional(
    v.pipe(v.string(), v.transform(Number), v.integer(), v.minValue(0)),
    '0',
  ),
});

/** The worker's settings. */
export interface WorkerEnvironment {
  readonly jobId: string;
  readonly step: WorkStep;
  /** Which part of a split job's encoding is this worker's, counted from 0. */
  readonly child: number;
  readonly batchJobId: string;
  readonly tableName: string;
  readonly scratchBucket: string;
  readonly keyId: string;
  /** Undefined for the store's default. */
  readonly retentionDays: number | undefined;
  readonly allowPrivateHosts: boolean;
  readonly inputLimits: InputLimits;
  readonly scratchDir: string;
  readonly isGpuRequired: boolean;
  readonly tools: ToolPaths;
}

/** Where ffmpeg and ffprobe are, and the environment in which they run. */
export interface ToolPaths {
  readonly ffmpeg: string;
  readonly ffprobe: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** @throws Error that names the first variable that is missing or not valid */
export function readEnvironment(): WorkerEnvironment {
  const result = v.safeParse(environmentSchema, process.env);
  if (!result.success) {
    const [issue] = result.issues;
    throw new Error(`The environment variable ${v.getDotPath(issue)} ${issue.message}.`);
  }
  const values = result.output;
  return {
    jobId: values[WORKER_ENV.jobId],
    step: values[WORKER_ENV.step],
    child: values.AWS_BATCH_JOB_ARRAY_INDEX,
    batchJobId: values.AWS_BATCH_JOB_ID,
    tableName: values[WORKER_ENV.tableName],
    scratchBucket: values[WORKER_ENV.scratchBucket],
    keyId: values[WORKER_ENV.keyId],
    retentionDays: values[WORKER_ENV.retentionDays],
    allowPrivateHosts: values[WORKER_ENV.allowPrivateHosts] === 'true',
    inputLimits: values[WORKER_ENV.inputLimits],
    scratchDir: values[WORKER_ENV.scratchDir],
    isGpuRequired: values[WORKER_ENV.gpu] === 'required',
    tools: {
      ffmpeg: values[WORKER_ENV.ffmpegPath],
      ffprobe: values[WORKER_ENV.ffprobePath],
      environment: toolEnvironment(),
    },
  };
}

/** The worker's own environment without what gives access to AWS: ffmpeg reads files that anybody may have made. */
function toolEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_')));
}
