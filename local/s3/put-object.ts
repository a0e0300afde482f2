import type { Answer } from './answer.ts';
import { checksumHeaders } from './checksums.ts';
import type { ObjectRecord } from './object-record.ts';
import { readObjectSettings } from './object-settings.ts';
import type { Call } from './operation.ts';
import { receive } from './receive.ts';

/** The last writer that is done wins. */
export async function putObject({ request, authorization, storage }: Call): Promise<Answer> {
  const bucket = storage.buckets.get(request.bucket);
  const settings = readObjectSettings(request);
  return storage.pending.use(async (file) => {
    const { size, md5, checksum } = await receive(request, authorization, file.write);
    const etag = `"${md5.toString('hex')}"`;
    const record: ObjectRecord = { ...settings, etag, lastModified: wholeSecond(), checksum };
    await file.describe(record);
    bucket.put(file.path, record, size);
    return { headers: { etag, ...checksumHeaders(checksum) } };
  });
}

/** Now, as HTTP's dates tell it. */
export function wholeSecond(): number {
  return Math.floor(Date.now() / 1000) * 1000;
}
