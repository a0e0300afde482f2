import { between, hitBy, random } from './random.ts';

/**
 * What is wrong with a job's input: nothing; its server fails now and then, but not for ever; it is gone when its worker comes;
 * or it ends too early.
 */
export type InputKind = 'whole' | 'flaky' | 'gone' | 'truncated';

/** What a receiver does with the first callbacks of a job, before it takes one. */
export type ReceiverKind = 'fail' | 'hang' | 'redirect' | 'throttle' | 'cut';

/** One job of a run. */
export interface JobSpec {
  readonly index: number;
  readonly input: InputKind;
  readonly outputs: number;
  readonly receiver: ReceiverKind;
  /** How many callbacks the receiver does not take. */
  readonly refusals: number;
  /** Whether its client sends it twice at once. */
  readonly isSentTwice: boolean;
  /** Milliseconds from its being accepted to its being cancelled; undefined for a job that nobody cancels. */
  readonly cancelAfterMs: number | undefined;
}

const INPUTS: readonly (readonly [share: number, kind: InputKind])[] = [
  [0.06, 'gone'],
  [0.06, 'truncated'],
  [0.25, 'flaky'],
];

const RECEIVERS: readonly (readonly [share: number, kind: ReceiverKind])[] = [
  [0.2, 'fail'],
  [0.1, 'redirect'],
  [0.1, 'throttle'],
  [0.1, 'cut'],
  [0.03, 'hang'],
];

const SENT_TWICE_SHARE = 0.2;

/** Jobs wait, run and are told of at so many seconds. */
const CANCEL_SHARE = 0.1;
const CANCEL_WITHIN_MS = 8000;

/** The jobs of a run, the same for the same seed. One in five has two outputs. */
export function jobSpecs(seed: number, jobs: number): JobSpec[] {
  return Array.from({ length: jobs }, (_, index) => {
    const draw = (what: string) => random(seed, 'job', index, what);
    const receiver = hitBy(draw('receiver'), RECEIVERS);
    const most = receiver === 'hang' ? 1 : 3;
    return {
      index,
      input: hitBy(draw('input'), INPUTS) ?? 'whole',
      outputs: draw('outputs') < 0.2 ? 2 : 1,
      receiver: receiver ?? 'fail',
      refusals: receiver === undefined ? 0 : between(draw('refusals'), 1, most),
      isSentTwice: draw('sent twice') < SENT_TWICE_SHARE,
      cancelAfterMs:
        draw('cancelled') < CANCEL_SHARE ? between(draw('when'), 0, CANCEL_WITHIN_MS) : undefined,
    };
  });
}

/** What may become of a job: the codes that its error may have. None says that it may be complete. */
export function isFitting({ input, cancelAfterMs }: JobSpec, code: string | undefined): boolean {
  if (code === 'cancelled') return cancelAfterMs !== undefined;
  // When three attempts have met with a killed worker or with a service that failed too often.
  if (code === 'infrastructure') return true;
  // When the bucket failed as often as an upload is tried.
  if (code === 'destination_unreachable') return true;
  if (input === 'gone') return code === 'input_unreachable';
  if (input === 'truncated') return code === 'input_corrupt';
  return code === undefined;
}
