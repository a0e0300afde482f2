import type { JobRecord } from '../../domain/job/job-record.ts';
import type { WorkSecrets } from '../../domain/job/secrets.ts';
import type { MediaSource } from '../../domain/media/source.ts';
import type { Rendition } from '../../domain/plan/renditions.ts';
import type { JobStore } from '../../services/job-store/job-store.ts';
import type { WorkerEnvironment } from './env.ts';
import type { Host } from './host.ts';

/** A job on this host, and what it is done with. */
export interface Transcoding {
  readonly environment: WorkerEnvironment;
  readonly jobs: JobStore;
  readonly host: Host;
  readonly job: JobRecord;
  readonly secrets: WorkSecrets;
  /** For files; removed afterwards. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** One encoded file, its header still behind the media data. */
export interface EncodedFile {
  readonly rendition: Rendition;
  readonly path: string;
}

/** What the encoding leaves for the packaging. */
export interface Encoded {
  readonly source: MediaSource;
  readonly files: readonly EncodedFile[];
  /** How many frames went into each of the files. */
  readonly frames: number;
}
