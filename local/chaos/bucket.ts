import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { localRegion } from '../arn.ts';

/** A bucket of the service's own S3. */
export class Bucket {
  readonly #client: S3Client;
  readonly #name: string;

  /** @param endpoint of S3 itself, where nothing fails */
  constructor(
    name: string,
    endpoint: string,
    { access_key_id = '', secret_access_key = '' }: Readonly<Record<string, string>>,
  ) {
    this.#name = name;
    const credentials = { accessKeyId: access_key_id, secretAccessKey: secret_access_key };
    this.#client = new S3Client({ endpoint, region: localRegion, credentials, forcePathStyle: true });
  }

  /** The size of every object by its key. */
  async sizes(): Promise<ReadonlyMap<string, number>> {
    const sizes = new Map<string, number>();
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client: this.#client },
      { Bucket: this.#name },
    )) {
      for (const { Key = '', Size = 0 } of Contents) sizes.set(Key, Size);
    }
    return sizes;
  }

  async read(key: string): Promise<Buffer> {
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#name, Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }

  close(): void {
    this.#client.destroy();
  }
}

/** A size of 1 is followed by the real one in 64 bits: ISO/IEC 14496-12, 4.2. */
function boxSize(file: Buffer, at: number): number {
  const short = file.readUInt32BE(at);
  return short === 1 && at + 16 <= file.length ? Number(file.readBigUInt64BE(at + 8)) : short;
}

/** Whether a file is an MP4 from its first byte to its last: boxes, with a header and pictures among them. */
export function isWholeMp4(file: Buffer): boolean {
  const types: string[] = [];
  let at = 0;
  while (at + 8 <= file.length) {
    const size = boxSize(file, at);
    if (size < 8) return false;
    types.push(file.toString('latin1', at + 4, at + 8));
    at += size;
  }
  return at === file.length && types[0] === 'ftyp' && types.includes('moov') && types.includes('mdat');
}
