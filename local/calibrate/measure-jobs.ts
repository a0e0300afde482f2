import type { JobResource } from '../../domain/job/job-resource.ts';
import { CLIP_RATE } from '../bench/clip.ts';
import { doJob } from '../bench/jobs.ts';
import { ladder, ladderRenditions } from '../bench/ladder.ts';
import { storeOf } from '../bench/service-media.ts';
import type { ServiceProcess } from '../bench/service-process.ts';
import { median } from '../bench/statistics.ts';
import type { TimedJob } from './speeds.ts';

/** The quickest to encode, so that what else there is shows. */
const PRESET = 'hp';

const RUNS = 3;

/** Has jobs done of which the files are small, and one of which they are large. */
export async function measureJobs(
  service: ServiceProcess,
  clip: string,
  frames: number,
): Promise<{ small: TimedJob; large: TimedJob }> {
  const media = storeOf(service);
  const url = await media.upload(clip, 'clip.mp4').finally(() => media.close());
  const renditions = ladderRenditions(PRESET, CLIP_RATE);
  const outputs = ladder(PRESET);
  const once = async (order: typeof outputs): Promise<TimedJob> => {
    const { job, begun, ended } = await doJob({ url, outputs: order }, service.endpoints);
    const seconds = (ended - begun) / 1000;
    return { frames, renditions, seconds, packaging: packagingOf(job), bytes: bytesOf(job) };
  };
  const small: TimedJob[] = [];
  for (let run = 0; run < RUNS; run++) small.push(await once(outputs));
  const large = await once(outputs.map(({ bitrate_kbps: _, ...output }) => ({ ...output, qp: 1 })));
  const middle = (value: (job: TimedJob) => number) => median(small.map(value));
  const seconds = middle((job) => job.seconds);
  const packaging = middle((job) => job.packaging);
  return { small: { frames, renditions, seconds, packaging, bytes: middle((job) => job.bytes) }, large };
}

function packagingOf({ timings }: JobResource): number {
  return (timings.packaged ?? Number.NaN) - (timings.encoded ?? Number.NaN);
}

function bytesOf({ outputs }: JobResource): number {
  return outputs.reduce((sum, { size = 0 }) => sum + size, 0);
}
