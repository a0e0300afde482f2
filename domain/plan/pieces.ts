import * as v from 'valibot';
import { mediaSourceSchema } from '../media/source.ts';

/** Where the parts of a piece lie, in bytes from its beginning. */
const pieceLayoutSchema = v.object({
  /** Of `ftyp`. */
  file_type_end: v.number(),
  /** Of `moov`, which comes last. */
  header_start: v.number(),
  header_end: v.number(),
  /** With which the first frame begins: see domain/mp4/encoder-note.ts. */
  note_bytes: v.number(),
});

export type PieceLayout = v.InferOutput<typeof pieceLayoutSchema>;

/** What a worker says of a span that it has encoded, beside the pieces themselves. */
export const pieceManifestSchema = v.object({
  /** Of the span's own, which are each piece's first; 0 where the span has none, and there are no pieces then. */
  frames: v.number(),
  /** ffmpeg's name of the encoder. */
  encoder: v.picklist(['libx264', 'h264_nvenc']),
  /** The input as the worker has seen it. */
  source: mediaSourceSchema,
  /** One for each output. The tag tells whether a piece is still the one that is described here. */
  pieces: v.array(v.object({ ...pieceLayoutSchema.entries, etag: v.optional(v.string()) })),
});

export type PieceManifest = v.InferOutput<typeof pieceManifestSchema>;
