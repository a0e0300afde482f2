/** A box of ISO/IEC 14496-12 (MP4): a container of other boxes, or a leaf with its content. */
export type Box =
  | { readonly type: string; readonly children: readonly Box[] }
  | { readonly type: string; readonly content: Uint8Array };

const CONTAINERS = new Set(['moov', 'trak', 'edts', 'mdia', 'minf', 'stbl']);

const HEADER_BYTES = 8;

/**
 * Parses the boxes that fill `bytes`. Sizes are 32 bits wide, which is all that a movie header needs.
 *
 * @throws RangeError when the boxes do not fill the bytes exactly
 */
export function parseBoxes(bytes: Uint8Array): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = viewOf(bytes).getUint32(at);
    if (size < HEADER_BYTES || at + size > bytes.length) throw new RangeError('The MP4 boxes are broken.');
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + HEADER_BYTES));
    const content = bytes.subarray(at + HEADER_BYTES, at + size);
    boxes.push(CONTAINERS.has(type) ? { type, children: parseBoxes(content) } : { type, content });
    at += size;
  }
  return boxes;
}

/** Writes boxes one after another. */
export function serializeBoxes(boxes: readonly Box[]): Uint8Array {
  const parts = boxes.map((box) => {
    const content = 'children' in box ? serializeBoxes(box.children) : box.content;
    const bytes = new Uint8Array(HEADER_BYTES + content.length);
    viewOf(bytes).setUint32(0, bytes.length);
    for (let index = 0; index < 4; index++) bytes[4 + index] = box.type.charCodeAt(index);
    bytes.set(content, HEADER_BYTES);
    return bytes;
  });
  const result = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

/** The content of the first box of a type, at any depth; undefined when there is none. */
export function findContent(boxes: readonly Box[], type: string): Uint8Array | undefined {
  for (const box of boxes) {
    const found = 'children' in box ? findContent(box.children, type) : undefined;
    if (found !== undefined) return found;
    if ('content' in box && box.type === type) return box.content;
  }
  return undefined;
}

/** The same boxes, those of the given types with new content. */
export function replaceContents(
  boxes: readonly Box[],
  edits: Readonly<Record<string, (content: Uint8Array) => Box>>,
): Box[] {
  return boxes.map((box) => {
    if ('children' in box) return { type: box.type, children: replaceContents(box.children, edits) };
    return edits[box.type]?.(box.content) ?? box;
  });
}

/** Reads and writes big-endian numbers in the bytes themselves. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
