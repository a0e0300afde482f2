import { type Answer, xmlAnswer } from './answer.ts';
import { joinParts } from './join-parts.ts';
import { uploadId } from './multipart-upload.ts';
import type { ObjectRecord } from './object-record.ts';
import type { Call } from './operation.ts';
import { parsePartList } from './part-list.ts';
import { wholeSecond } from './put-object.ts';
import { receiveText } from './receive-text.ts';

/** Parts that are not listed are thrown away. */
export async function completeMultipartUpload(call: Call): Promise<Answer> {
  const { request, storage } = call;
  const { bucket: name, key } = request;
  const bucket = storage.buckets.get(name);
  const id = uploadId(request);
  const upload = storage.uploads.get(id, name, key);
  const parts = parsePartList(await receiveText(call));
  return storage.pending.use(async (file) => {
    const { size, etag, checksum } = await joinParts(storage.uploads, id, upload, parts, file.write);
    const { headers, acl } = upload;
    const record: ObjectRecord = { key, headers, acl, etag, lastModified: wholeSecond(), checksum };
    await file.describe(record);
    storage.uploads.check(id);
    bucket.put(file.path, record, size);
    await storage.uploads.remove(id);
    return xmlAnswer('CompleteMultipartUploadResult', {
      Location: `http://${request.header('host')}${request.path}`,
      Bucket: name,
      Key: key,
      ETag: etag,
      ChecksumType: checksum?.type,
      ...(checksum && { [`Checksum${checksum.algorithm}`]: checksum.value }),
    });
  });
}
