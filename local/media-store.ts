import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, HeadObjectCommand, NotFound, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { localRegion } from './arn.ts';
import type { Settings } from './data-folder.ts';
import type { FfmpegTools } from './ffmpeg.ts';
import { makeSampleClip } from './sample-clip.ts';
import type { LocalStack } from './stack.ts';

/** S3's longest: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html */
const URL_LIFETIME_S = 7 * 24 * 3600;

/** Where the local S3 is, and the keys to it. */
export interface MediaStoreOptions extends Pick<LocalStack, 's3' | 'bucket'> {
  readonly settings: Pick<Settings, 'access_key_id' | 'secret_access_key'>;
}

/** The files in the local bucket, for the parts of the local service that stand in for a user. */
export class MediaStore {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor({ s3, bucket, settings }: MediaStoreOptions) {
    this.#bucket = bucket;
    this.#client = new S3Client({
      endpoint: s3,
      region: localRegion,
      credentials: { accessKeyId: settings.access_key_id, secretAccessKey: settings.secret_access_key },
      // Otherwise a presigned URL would carry the checksum of an empty body.
      requestChecksumCalculation: 'WHEN_REQUIRED',
    });
  }

  /** @returns a URL from which anybody may read the object for a week */
  async upload(path: string, key: string): Promise<string> {
    const params = { Bucket: this.#bucket, Key: key, Body: createReadStream(path) };
    await new Upload({ client: this.#client, params }).done();
    return this.#presign(key);
  }

  async download(key: string, path: string): Promise<void> {
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
    await mkdir(dirname(path), { recursive: true });
    await pipeline(Body as Readable, createWriteStream(path));
  }

  /** Makes a sample clip unless it is there. @returns a URL from which anybody may read it for a week */
  async sample(tools: FfmpegTools, seconds: number): Promise<string> {
    const key = `samples/${seconds}s.mp4`;
    if (await this.#has(key)) return this.#presign(key);
    const folder = await mkdtemp(join(tmpdir(), 'octet-sample-'));
    try {
      const path = join(folder, 'sample.mp4');
      await makeSampleClip(tools, path, { seconds });
      return await this.upload(path, key);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  close(): void {
    this.#client.destroy();
  }

  async #has(key: string): Promise<boolean> {
    try {
      await this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: key }));
      return true;
    } catch (error) {
      if (error instanceof NotFound) return false;
      throw error;
    }
  }

  #presign(Key: string): Promise<string> {
    const command = new GetObjectCommand({ Bucket: this.#bucket, Key });
    return getSignedUrl(this.#client, command, { expiresIn: URL_LIFETIME_S });
  }
}
