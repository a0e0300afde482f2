import { checksumAlgorithmSchema } from './checksums.ts';
import { S3Error } from './errors.ts';
import { childText, parseXml, type XmlElement } from './parse-xml.ts';

/** A part as the client lists it to complete its upload. */
export interface ListedPart {
  readonly number: number;
  readonly etag: string;
  /** In base64, of whichever algorithm. */
  readonly checksum: string | undefined;
}

/**
 * Reads the body of CompleteMultipartUpload.
 *
 * @throws S3Error MalformedXML or InvalidPartOrder
 */
export function parsePartList(document: string): ListedPart[] {
  const root = parseXml(document);
  if (root?.name !== 'CompleteMultipartUpload') throw new S3Error('MalformedXML');
  const parts = root.children.map(parsePart);
  if (parts.length === 0) throw new S3Error('MalformedXML', 'You must specify at least one part');
  let before = 0;
  for (const { number } of parts) {
    if (number <= before) throw new S3Error('InvalidPartOrder');
    before = number;
  }
  return parts;
}

function parsePart(element: XmlElement): ListedPart {
  const number = childText(element, 'PartNumber') ?? '';
  const etag = childText(element, 'ETag');
  if (element.name !== 'Part' || etag === undefined || !/^\d{1,5}$/.test(number))
    throw new S3Error('MalformedXML');
  const checksums = checksumAlgorithmSchema.options.map((name) => childText(element, `Checksum${name}`));
  const checksum = checksums.find((text) => text !== undefined);
  return { number: Number(number), etag: `"${etag.replaceAll('"', '')}"`, checksum };
}
