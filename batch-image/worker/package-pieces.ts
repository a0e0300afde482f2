import { join } from 'node:path';
import type { Outcome } from '../../domain/job/job-record.ts';
import type { PieceManifest } from '../../domain/plan/pieces.ts';
import { UNSPLIT } from '../../domain/plan/plan.ts';
import { picturesOf, planRenditions } from '../../domain/plan/renditions.ts';
import type { PieceStore } from '../../services/piece-store.ts';
import { HostUnfitError } from './host-unfit-error.ts';
import { joinSpans } from './join-spans.ts';
import { packageOutputs } from './package-outputs.ts';
import type { EncodedInput, EncodedSpan, Transcoding } from './transcoding.ts';

/** Makes the outputs of a split job out of the pieces that its workers have handed on. */
export async function packagePieces(work: Transcoding, pieces: PieceStore): Promise<Outcome> {
  const { jobs, job } = work;
  await jobs.advance(job.job_id, 'encode_complete', new Date());
  return packageOutputs(work, await joinSpans(await fetchPieces(work, pieces)));
}

/** @throws HostUnfitError when pieces are missing, which the store may still be about to show, or when it hangs up */
async function fetchPieces({ job, folder, signal }: Transcoding, pieces: PieceStore): Promise<EncodedInput> {
  const { plan = UNSPLIT, outputs } = job;
  const manifests: PieceManifest[] = [];
  for (const span of plan.spans.keys()) {
    const manifest = await pieces.find(span);
    if (manifest === undefined) throw new HostUnfitError(`The pieces of span ${span} are not there.`);
    manifests.push(manifest);
  }
  const [first] = manifests;
  if (first === undefined) throw new Error('The plan has no spans.');
  const { source, encoder } = first;
  const renditions = planRenditions(outputs, picturesOf(source.video));
  const spans: EncodedSpan[] = [];
  for (const [span, { start }] of plan.spans.entries()) {
    const frames = manifests[span]?.frames ?? 0;
    const paths = outputs.map((_, output) => join(folder, `${span}-${output}.mp4`));
    const needed = frames === 0 ? [] : paths;
    const fetched = needed.map((path, output) => pieces.fetch(span, output, path, signal));
    await Promise.all(fetched).catch((error: unknown) => {
      throw new HostUnfitError(`The pieces of span ${span} could not be fetched.`, { cause: error });
    });
    spans.push({ start, frames, paths: needed });
  }
  return { source, encoder, renditions, spans };
}
