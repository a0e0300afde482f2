/** A checksum that is fed piece by piece. */
export interface Hasher {
  update(bytes: Buffer): void;
  digest(): Buffer;
}

/** CRC-32C (Castagnoli) in reflected form: RFC 3720, appendix B.4. */
const castagnoli = 0x82f63b78;

/** The halves of CRC-64/NVME in reflected form: NVM Command Set Specification 1.0, section 5.2.1.3.4. */
const nvme = { high: 0x9a6c9329, low: 0xac4bc9b5 };

const crc32cTable = new Int32Array(256);
const crc64Table = { high: new Int32Array(256), low: new Int32Array(256) };
for (let byte = 0; byte < 256; byte++) {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? castagnoli : 0);
  crc32cTable[byte] = crc;
  let [high, low] = [0, byte];
  for (let bit = 0; bit < 8; bit++) {
    const isOdd = low & 1;
    low = ((low >>> 1) | (high << 31)) ^ (isOdd ? nvme.low : 0);
    high = (high >>> 1) ^ (isOdd ? nvme.high : 0);
  }
  crc64Table.high[byte] = high;
  crc64Table.low[byte] = low;
}

export function crc32c(): Hasher {
  let crc = -1;
  return {
    update(bytes) {
      for (let at = 0; at < bytes.length; at++)
        crc = (crc >>> 8) ^ (crc32cTable[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
    },
    digest: () => bigEndian(~crc),
  };
}

export function crc64nvme(): Hasher {
  let [high, low] = [-1, -1];
  return {
    update(bytes) {
      for (let at = 0; at < bytes.length; at++) {
        const index = (low ^ (bytes[at] ?? 0)) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ (crc64Table.low[index] ?? 0);
        high = (high >>> 8) ^ (crc64Table.high[index] ?? 0);
      }
    },
    digest: () => bigEndian(~high, ~low),
  };
}

/** 32 bits each. */
export function bigEndian(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, 4 * index);
  return bytes;
}
