import { OctetError, type Problem, UnusableRequestError } from '../domain/errors.ts';
import type { InputFacts } from '../domain/job/job-record.ts';
import { assertWithinLimits, type InputLimits } from '../domain/media/input-limits.ts';
import type { Fleet } from '../domain/plan/fleet.ts';
import { type PlannedJob, planJob, UNSPLIT } from '../domain/plan/plan.ts';
import { planRenditions, type Rendition } from '../domain/plan/renditions.ts';
import { type JobRequest, type ParsedJobRequest, parseJobRequest } from '../domain/request/job-request.ts';
import { type AddressPolicy, assertPublicHost, UnresolvableHostError } from './address-guard.ts';
import { type ProbeResult, probeInput } from './input-probe.ts';

export interface ExamineServices {
  readonly addresses: AddressPolicy;
  readonly inputLimits: InputLimits;
  /** What jobs are planned for. */
  readonly fleet: Fleet;
}

/** A request in which nothing is wrong that can be known before it is worked on. */
export interface ExaminedRequest extends ParsedJobRequest {
  readonly probe: ProbeResult;
  /** What was found out about the input. */
  readonly input: InputFacts;
  readonly planned: PlannedJob;
  /** What each output is to be; undefined where the input could not be settled in time. */
  readonly renditions: readonly Rendition[] | undefined;
}

/**
 * Looks at all that a request asks for and names, and plans it.
 *
 * @throws OctetError for a request that cannot be met, with every problem at once
 */
export async function examineRequest(services: ExamineServices, body: string): Promise<ExaminedRequest> {
  const parsed = parseJobRequest(body);
  const probe = await checkOutside(parsed.request, services.addresses);
  assertInputWithinLimits(probe, services.inputLimits);
  const input = probe.settled ? probe.input : { size_bytes: probe.size_bytes };
  return { ...parsed, probe, input, ...planInput(parsed.request, probe, services.fleet) };
}

/** One whose input could not be settled in time is done by one worker. */
function planInput(
  { outputs }: JobRequest,
  probe: ProbeResult,
  fleet: Fleet,
): Pick<ExaminedRequest, 'planned' | 'renditions'> {
  if (!probe.settled) return { planned: { plan: UNSPLIT }, renditions: undefined };
  const { container, duration_s, video } = probe.input;
  const { width, height, frame_rate: frameRate } = video;
  const renditions = planRenditions(outputs, { display: { width, height }, frameRate });
  const input = { container, duration: duration_s, frameRate, size: { width, height } };
  return { planned: planJob(input, renditions, fleet), renditions };
}

/** @throws UnusableRequestError for what is known of the input already; its worker knows more */
function assertInputWithinLimits(probe: ProbeResult, limits: InputLimits): void {
  const bytes = probe.settled ? probe.input.size_bytes : probe.size_bytes;
  const { duration_s: seconds, video } = probe.settled ? probe.input : {};
  try {
    assertWithinLimits({ ...video, bytes, seconds, frameRate: video?.frame_rate }, limits);
  } catch (error) {
    throw new UnusableRequestError([problemOf(error, 'input.url')]);
  }
}

/** Looks at the input, the destination and the callback's host, all at the same time. */
async function checkOutside(request: JobRequest, addresses: AddressPolicy): Promise<ProbeResult> {
  const { input, destination, outputs, callback } = request;
  const firstKey = outputs[0]?.dest_path ?? '';
  const [probe, ...others] = await Promise.allSettled([
    probeInput(input.url, addresses),
    // S3's client is half of what a Lambda function would have to load before it can refuse a bad request.
    import('./destination/check-destination.ts').then(({ checkDestination }) =>
      checkDestination(destination, destination.creds, firstKey, addresses),
    ),
    callback && checkCallbackHost(callback.url, addresses),
  ]);
  const paths = ['input.url', 'destination', 'callback'];
  const [first, ...rest] = [probe, ...others].flatMap((result, index) =>
    result.status === 'rejected' ? [problemOf(result.reason, paths[index] ?? '')] : [],
  );
  if (first) throw new UnusableRequestError([first, ...rest]);
  if (probe.status === 'rejected') throw probe.reason;
  return probe.value;
}

/** A host that cannot be resolved just now may be by the time the job ends. */
async function checkCallbackHost(url: string, addresses: AddressPolicy): Promise<void> {
  try {
    await assertPublicHost(url, addresses);
  } catch (error) {
    if (!(error instanceof OctetError)) throw error;
    if (error instanceof UnresolvableHostError && error.transient) return;
    throw new OctetError(error.code, `The callback cannot be delivered: ${error.message}`, { cause: error });
  }
}

/** @throws the reason when it is no fault of the request's */
function problemOf(reason: unknown, path: string): Problem {
  if (!(reason instanceof OctetError)) throw reason;
  return { path, code: reason.code, message: reason.message };
}
