import { describe, expect, it } from 'vitest';
import { type ProbeOptions, probeInput } from '../../services/input-probe.ts';
import { bytesAskedOf, file, hang, type Reply, status, useOrigins } from './origin.ts';
import { onItsSide, useProbeClips } from './probe-clips.ts';

const start = useOrigins();
const clip = useProbeClips();

/** What the first request asks for. */
const firstBytes = 256 * 1024;

const probe = (...replies: Reply[]) => probeWith({}, ...replies);

async function probeWith(options: Partial<ProbeOptions>, ...replies: Reply[]) {
  const origin = await start({ '/in': replies });
  const result = probeInput(`${origin.at('/in')}?X-Amz-Signature=secret`, {
    allowPrivateHosts: true,
    ...options,
  });
  return { origin, result: await result.catch((error: unknown) => error) };
}

describe('the facts of', () => {
  const usual = { codec: 'h264', width: 640, height: 360, rotation: 0 };
  const timed = { ...usual, frame_rate: 25 };

  it.each<[string, () => Buffer, number, object]>([
    [
      'an MP4 with its header first',
      () => clip('faststart'),
      1,
      { container: 'mp4', duration_s: 2, video: timed },
    ],
    [
      'an MP4 with its header last',
      () => clip('moovLast'),
      2,
      { container: 'mp4', duration_s: 2, video: timed },
    ],
    ['a QuickTime file', () => clip('quickTime'), 1, { container: 'mov', duration_s: 2, video: timed }],
    [
      'an NTSC rate',
      () => clip('ntsc'),
      1,
      { container: 'mp4', duration_s: 2.002, video: { ...usual, frame_rate: expect.closeTo(29.97, 3) } },
    ],
    ['a Matroska file', () => clip('matroska'), 2, { container: 'mkv', duration_s: 2, video: usual }],
    [
      'a WebM file',
      () => clip('webm'),
      2,
      { container: 'webm', duration_s: 2, video: { ...usual, codec: 'vp8' } },
    ],
    ['a transport stream', () => clip('transportStream'), 1, { container: 'mpegts', video: usual }],
    ['a fragmented MP4', () => clip('fragmented'), 3, { container: 'mp4', video: usual }],
    [
      'a picture on its side',
      () => onItsSide(clip('faststart')),
      1,
      { container: 'mp4', duration_s: 2, video: { ...timed, width: 360, height: 640, rotation: 90 } },
    ],
    [
      'wide pixels',
      () => clip('wide'),
      1,
      { container: 'mp4', duration_s: 2, video: { ...timed, width: 1280 } },
    ],
    [
      'tall pixels',
      () => clip('tall'),
      1,
      { container: 'mp4', duration_s: 2, video: { ...timed, width: 320 } },
    ],
    [
      'tall pixels in Matroska',
      () => clip('tallMatroska'),
      2,
      { container: 'mkv', duration_s: 2, video: { ...usual, width: 320 } },
    ],
    [
      'wide pixels on their side',
      () => onItsSide(clip('wide')),
      1,
      { container: 'mp4', duration_s: 2, video: { ...timed, width: 360, height: 1280, rotation: 90 } },
    ],
    [
      'a codec that mediabunny only knows by name',
      () => clip('mpeg4'),
      1,
      { container: 'mp4', duration_s: 2, video: { ...timed, codec: 'mpeg4' } },
    ],
    [
      'a file that breaks off behind its header',
      () => clip('faststart').subarray(0, 400_000),
      1,
      { container: 'mp4', duration_s: 2, video: timed },
    ],
  ])('%s are found', async (_, bytesOfClip, requests, input) => {
    const bytes = bytesOfClip();
    const headers = { etag: '"a"' };
    const { origin, result } = await probe(file(bytes, { headers }));
    expect(result).toEqual({ settled: true, input: { ...input, size_bytes: bytes.length, etag: '"a"' } });
    expect(origin.requests).toHaveLength(requests);
    expect(bytesAskedOf(origin, bytes.length)).toBeLessThan(firstBytes + 20_000);
  });

  it('a Matroska file are found however long it is', async () => {
    const long = Buffer.concat([clip('matroska'), Buffer.alloc(5_000_000)]);
    const { origin, result } = await probe(file(long));
    expect(result).toMatchObject({ settled: true, input: { container: 'mkv', duration_s: 2 } });
    expect(bytesAskedOf(origin, long.length)).toBeLessThan(1_000_000);
  });

  it('a server without ETags have none', async () => {
    const { result } = await probe(file(clip('faststart')));
    expect(result).toMatchObject({
      settled: true,
      input: expect.not.objectContaining({ etag: expect.anything() }),
    });
  });
});

describe('an input is refused', () => {
  const page = '<!doctype html><title>Please log in</title>';
  const noVideo = (container: string) =>
    `has no video stream (${container} with audio or data alone): give a file that holds video.`;

  it.each<[string, () => Reply[], string, string]>([
    ['that has audio alone', () => [file(clip('audioOnly'))], 'input_unsupported', noVideo('mp4')],
    ['that is a sound', () => [file(clip('wave'))], 'input_unsupported', noVideo('wav')],
    [
      'that breaks off before its header',
      () => [file(clip('moovLast').subarray(0, 400_000))],
      'input_corrupt',
      'does not list its streams (mp4 without moov): its upload was probably cut short, so upload it again.',
    ],
    [
      'that is a web page, in ranges',
      () => [file(Buffer.from(page))],
      'input_not_media',
      'is a web page (text/html), not a media file: give the URL of the video file itself.',
    ],
    [
      'that is a playlist',
      () => [file(Buffer.from('#EXTM3U\nhttp://169.254.169.254/\n'))],
      'input_not_media',
      'is a playlist (HLS), not a media file: give the URL of the video file itself.',
    ],
    [
      'that is not there',
      () => [status(404)],
      'input_unreachable',
      'answered 404: check that the file exists.',
    ],
    [
      'whose server fails twice',
      () => [status(503), status(503)],
      'input_unreachable',
      'answered 503: the server fails, try again later.',
    ],
    [
      'that changes between two requests',
      () => [
        file(clip('moovLast'), { headers: { etag: '"a"' } }),
        file(clip('moovLast'), { headers: { etag: '"b"' } }),
      ],
      'input_changed',
      'changed while it was read: send the job again once the file stays as it is.',
    ],
    [
      'whose access ends between two requests',
      () => [file(clip('moovLast')), status(403)],
      'input_unreachable',
      'answered 403: the URL may have expired or is not public.',
    ],
    [
      'whose ranges are answered once',
      () => [file(clip('moovLast')), file(clip('moovLast'), { ranges: false })],
      'input_no_range_support',
      'does not answer range requests (206 with Content-Range): put the file on a server that supports them, such as S3.',
    ],
  ])('%s', async (_, replies, code, message) => {
    const { origin, result } = await probe(...replies());
    expect(result).toMatchObject({ code, message: `${origin.at('/in')} ${message}` });
  });

  it('at a private address', async () => {
    const { origin, result } = await probeWith({ allowPrivateHosts: false }, file(clip('faststart')));
    expect(result).toMatchObject({ code: 'input_unreachable', message: expect.stringContaining('private') });
    expect(origin.requests).toEqual([]);
  });
});

describe('an input is left to the worker', () => {
  const slow = 'The server was too slow for the quick look at an input.';
  const budget = 'Its header needs more reading than the quick look at an input may do.';
  const container = 'Its container is not one that the quick look at an input knows.';

  it.each<[string, () => Buffer, string]>([
    [
      'that holds random bytes',
      () => Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919 + (i >> 3) * 104729) % 256)),
      container,
    ],
    ['that holds zeros', () => Buffer.alloc(5000), container],
    ['in AVI', () => clip('avi'), container],
    [
      'whose codec mediabunny passes over',
      () => clip('mpeg2InTransportStream'),
      'The quick look at an input sees no video in mpegts files like it.',
    ],
    [
      'in QuickTime without a header that can be read',
      () => clip('quickTime').subarray(0, 40),
      'The quick look at an input sees no video in mov files like it.',
    ],
  ])('%s', async (_, bytesOfInput, reason) => {
    const bytes = bytesOfInput();
    const { result } = await probe(file(bytes));
    expect(result).toEqual({ settled: false, reason, size_bytes: bytes.length });
  });

  it.each<[string, Partial<ProbeOptions>]>([
    ['bytes', { budgetBytes: firstBytes + 100 }],
    ['requests', { maxRequests: 1 }],
  ])('whose header takes more %s than there are', async (_, options) => {
    const { origin, result } = await probeWith(options, file(clip('moovLast')));
    expect(result).toEqual({ settled: false, reason: budget, size_bytes: clip('moovLast').length });
    expect(origin.requests).toHaveLength(1);
  });

  it.each<[string, () => Reply[], boolean]>([
    ['does not answer', () => [hang], false],
    ['falls silent', () => [file(clip('faststart'), { stallAfter: 1000 })], false],
    ['does not answer the second request', () => [file(clip('moovLast')), hang], true],
    [
      'falls silent in the second answer',
      () => [file(clip('moovLast')), file(clip('moovLast'), { stallAfter: 100 })],
      true,
    ],
  ])('whose server %s', async (_, replies, knowsSize) => {
    // The first answer must be in time even on a busy machine.
    const { result } = await probeWith({ budgetMs: knowsSize ? 1500 : 200 }, ...replies());
    expect(result).toEqual({
      settled: false,
      reason: slow,
      ...(knowsSize ? { size_bytes: clip('moovLast').length } : {}),
    });
  });
});
