/** Signatures of files that are certainly not video. */
const NOT_MEDIA: ReadonlyArray<{ says: string; signature: RegExp | string }> = [
  { says: 'an image (JPEG)', signature: /^\xff\xd8\xff/ },
  { says: 'an image (PNG)', signature: /^\x89PNG/ },
  { says: 'an image (GIF)', signature: /^GIF8[79]a/ },
  { says: 'an image (WebP)', signature: /^RIFF[\s\S]{4}WEBP/ },
  { says: 'an image (TIFF)', signature: /^(II\*\0|MM\0\*)/ },
  { says: 'an image (HEIF)', signature: /^[\s\S]{4}ftyp(heic|heix|heim|mif1|avif)/ },
  { says: 'an image (BMP)', signature: /^BM[\s\S]{4}\0{4}/ },
  { says: 'a PDF document', signature: /^%PDF-/ },
  { says: 'a ZIP archive', signature: 'PK\x03\x04' },
  { says: 'a gzip archive', signature: '\x1f\x8b\x08' },
  { says: 'a playlist (HLS)', signature: /^(\xef\xbb\xbf)?#EXTM3U/ },
];

/** What text is, decided by how it begins. */
const TEXTS: ReadonlyArray<{ says: string; start: RegExp }> = [
  { says: 'a web page (text/html)', start: /^(<!--[\s\S]*?-->\s*)?<(!doctype html|html|head|body)\b/i },
  { says: 'a playlist (DASH)', start: /^(<\?xml[\s\S]*?\?>\s*)?<MPD\b/i },
  { says: 'an XML document', start: /^<(\?xml|[a-z!])/i },
  { says: 'JSON', start: /^[[{]/ },
  { says: 'text', start: /^/ },
];

/** Enough to meet a control character in anything that is not text. */
const SAMPLE_BYTES = 1024;

/**
 * Names what a file is, where its first bytes say that it cannot be a video: `a web page (text/html)`. Undefined where it
 * may be one.
 */
export function describeNonMedia(firstBytes: Uint8Array): string | undefined {
  const sample = firstBytes.subarray(0, SAMPLE_BYTES);
  const binary = Buffer.from(sample).toString('latin1');
  const known = NOT_MEDIA.find(({ signature }) =>
    typeof signature === 'string' ? binary.startsWith(signature) : signature.test(binary),
  );
  if (known !== undefined) return known.says;
  if (!isText(sample)) return undefined;
  const text = Buffer.from(sample).toString('utf8').trimStart();
  return TEXTS.find(({ start }) => start.test(text))?.says;
}

function isText(sample: Uint8Array): boolean {
  // Uncompressed YUV4MPEG begins with a line of text and may go on with grey bytes that look like some.
  if (sample.length === 0 || Buffer.from(sample).toString('latin1', 0, 9) === 'YUV4MPEG2') return false;
  try {
    // `stream` lets the sample end in the middle of a character.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true });
    return !/[^\P{Cc}\s]/u.test(text);
  } catch {
    return false;
  }
}
