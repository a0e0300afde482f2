import { describe, expect, it } from 'vitest';
import { AwsChunkedBody } from '../../../local/s3/aws-chunked.ts';
import { ChunkSignatures } from '../../../local/s3/chunk-signatures.ts';
import { signingKey } from '../../../local/s3/sigv4.ts';

const big = 'x'.repeat(8192);

/** Reads a body that comes in pieces of so many bytes. */
async function decode(encoded: string, pieceSize = encoded.length, signatures?: ChunkSignatures) {
  const bytes = Buffer.from(encoded);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceSize) yield bytes.subarray(at, at + pieceSize);
  }
  const body = new AwsChunkedBody(pieces(), signatures);
  const content: Buffer[] = [];
  for await (const each of body) content.push(each);
  return { content: Buffer.concat(content).toString(), trailers: Object.fromEntries(body.trailers) };
}

describe('a body', () => {
  const encoded = `2000\r\n${big}\r\n7\r\nb\r\n\r\n0\r\r\n0\r\nx-amz-checksum-crc32: AAAAAA==\r\nX-Other:1\r\n\r\n`;

  it.each([1, 2, 3, 5, 7, 64, 8192, 8193, 65_536])('comes back from pieces of %d bytes', async (size) => {
    expect(await decode(encoded, size)).toEqual({
      content: `${big}b\r\n\r\n0\r`,
      trailers: { 'x-amz-checksum-crc32': 'AAAAAA==', 'x-other': '1' },
    });
  });

  it('may be empty', async () => {
    expect(await decode('0\r\n\r\n')).toEqual({ content: '', trailers: {} });
  });

  it.each<[string, string, string]>([
    ['IncompleteBody', 'nothing', ''],
    ['IncompleteBody', 'no end', '1\r\nx\r\n'],
    ['IncompleteBody', 'no end of the trailers', '0\r\n'],
    ['IncompleteBody', 'a chunk cut short', '5\r\nxx'],
    ['IncompleteBody', 'a chunk that is too long', '1\r\nxx\r\n0\r\n\r\n'],
    ['IncompleteBody', 'a size that is none', 'g\r\nx\r\n0\r\n\r\n'],
    ['IncompleteBody', 'a negative size', '-1\r\nx\r\n0\r\n\r\n'],
    ['IncompleteBody', 'a size beyond all sizes', `${'f'.repeat(13)}\r\nx\r\n0\r\n\r\n`],
    ['IncompleteBody', 'an endless line', 'f'.repeat(10_000)],
    ['IncompleteBody', 'something behind it', '0\r\n\r\nx'],
    ['IncompleteBody', 'bare line feeds', '1\nx\n0\n\n'],
    ['InvalidChunkSizeError', 'a small chunk before the last', '1\r\nx\r\n1\r\nx\r\n0\r\n\r\n'],
    ['MalformedTrailerError', 'a trailer that is none', '0\r\nwhat\r\n\r\n'],
  ])('is refused: %s for %s', async (code, _, body) => {
    await expect(decode(body)).rejects.toMatchObject({ code });
    await expect(decode(body, 1)).rejects.toMatchObject({ code });
  });
});

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and sigv4-streaming-trailers.html */
describe("AWS's own examples of signed chunks", () => {
  const scope = { date: '20130524', region: 'us-east-1', service: 's3' };
  const key = signingKey('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', scope);
  const context = { key, scope, time: '20130524T000000Z' };
  const content = 'a'.repeat(66_560);

  function encode(chunks: readonly string[], trailers: string): string {
    const data = [content.slice(0, 65_536), content.slice(65_536), ''];
    const parts = data.map((each, index) => {
      const header = `${each.length.toString(16)};chunk-signature=${chunks[index]}\r\n`;
      return each === '' ? header : `${header}${each}\r\n`;
    });
    return `${parts.join('')}${trailers}\r\n`;
  }

  function decodeSigned(signature: string, encoded: string) {
    return decode(encoded, 1000, new ChunkSignatures({ payloadHash: '', context, signature }));
  }

  const plain = {
    seed: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
    chunks: [
      'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
      '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
      'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
    ],
    trailers: '',
  };
  const trailing = {
    seed: '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
    chunks: [
      'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
      '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
      '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
    ],
    trailers:
      'x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n',
  };

  it('with and without trailers', async () => {
    const decoded = await decodeSigned(plain.seed, encode(plain.chunks, ''));
    expect(decoded).toEqual({ content, trailers: {} });
    const { trailers } = await decodeSigned(trailing.seed, encode(trailing.chunks, trailing.trailers));
    expect(trailers).toEqual({ 'x-amz-checksum-crc32c': 'sOO8/Q==' });
  });

  const encoded = encode(trailing.chunks, trailing.trailers);
  it.each<[string, string, string]>([
    ['another seed', plain.seed, encoded],
    ['a changed byte', trailing.seed, encoded.replace('aaaa', 'aaba')],
    ['a changed trailer', trailing.seed, encoded.replace('sOO8', 'sOO9')],
    ['a trailer more', trailing.seed, encoded.replace('x-amz-trailer', 'x:1\r\nx-amz-trailer')],
    ['no signature of the trailers', trailing.seed, encoded.replace(/x-amz-trailer-s.*\r\n/, '')],
    ['no signature of a chunk', trailing.seed, encoded.replace(/;chunk-signature=1.*/, '')],
    ['no signature of the last chunk', trailing.seed, encoded.replace(/0;chunk-signature=2.*/, '0')],
  ])('are refused with %s', async (_, seed, body) => {
    await expect(decodeSigned(seed, body)).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' });
  });
});
