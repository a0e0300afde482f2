import * as v from 'valibot';
import { checksumAlgorithmSchema, checksumSchema, checksumTypeSchema } from './checksums.ts';

/** What a client says about an object when it begins to upload it. */
export const objectSettingsSchema = v.object({
  key: v.string(),
  /** As GetObject answers them, by lower-case name. */
  headers: v.record(v.string(), v.string()),
  /** The canned ACL. No operation shows it. */
  acl: v.optional(v.string()),
});

/** What is known of an object beside its bytes. */
export const objectRecordSchema = v.object({
  ...objectSettingsSchema.entries,
  /** In quotes. */
  etag: v.string(),
  /** Milliseconds, a whole second: HTTP's dates have no more. */
  lastModified: v.number(),
  checksum: v.optional(checksumSchema),
});

/** A part of an upload. */
export const partRecordSchema = v.object({ etag: v.string(), checksum: v.optional(checksumSchema) });

/** An upload in parts. */
export const uploadRecordSchema = v.object({
  ...objectSettingsSchema.entries,
  bucket: v.string(),
  /** Which checksum every part must have. */
  checksum: v.optional(v.object({ algorithm: checksumAlgorithmSchema, type: checksumTypeSchema })),
});

export type ObjectSettings = v.InferOutput<typeof objectSettingsSchema>;
export type ObjectRecord = v.InferOutput<typeof objectRecordSchema>;
export type PartRecord = v.InferOutput<typeof partRecordSchema>;
export type UploadRecord = v.InferOutput<typeof uploadRecordSchema>;

/** What a listing shows of an object. */
export interface ObjectSummary {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly etag: string;
  readonly lastModified: number;
  readonly storageClass: string;
}

export function summaryOf({ key, etag, lastModified, headers }: ObjectRecord, size: number): ObjectSummary {
  return { key, size, etag, lastModified, storageClass: headers['x-amz-storage-class'] ?? 'STANDARD' };
}
