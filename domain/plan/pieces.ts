import * as v from 'valibot';
import { mediaSourceSchema } from '../media/source.ts';

/** What a worker says of a span that it has encoded, beside the pieces themselves. */
export const pieceManifestSchema = v.object({
  /** Of the span's own, which are each piece's first; 0 where the span has none, and there are no pieces then. */
  frames: v.number(),
  /** ffmpeg's name of the encoder. */
  encoder: v.picklist(['libx264', 'h264_nvenc']),
  /** The input as the worker has seen it. */
  source: mediaSourceSchema,
});

export type PieceManifest = v.InferOutput<typeof pieceManifestSchema>;
