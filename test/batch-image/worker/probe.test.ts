import { afterEach, beforeEach, expect, it } from 'vitest';
import { BlockReader } from '../../../batch-image/worker/block-reader.ts';
import { type InputServer, serveInput } from '../../../batch-image/worker/input-server.ts';
import { probe } from '../../../batch-image/worker/probe.ts';
import { findFfmpeg } from '../../../local/ffmpeg.ts';
import { type Origin, status, useOrigins } from '../../services/origin.ts';
import { makeClip } from '../../support/ffmpeg.ts';
import { MemorySource } from './memory-source.ts';

const startOrigin = useOrigins();
const found = findFfmpeg(process.env);
const tools = { ...found, environment: { ...process.env, ...found.environment } };
const { signal } = new AbortController();

let canary: Origin;
let server: InputServer | undefined;

beforeEach(async () => {
  canary = await startOrigin({ '/secret.mp4': status(200) });
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function probeFile(bytes: Buffer) {
  server = await serveInput(new BlockReader(new MemorySource(bytes), { signal }));
  return probe(server.url, bytes.subarray(0, 512), tools, signal);
}

const manifest = (url: string) => `<?xml version="1.0" encoding="ISO-8859-1"?><!-- \xe9 -->
  <MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT3S"
    profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period><AdaptationSet mimeType="video/mp4">
    <Representation id="1" bandwidth="100000" codecs="avc1.42E01E" width="320" height="180">
    <BaseURL>${url}</BaseURL><SegmentBase indexRange="0-100"><Initialization range="0-100"/></SegmentBase>
    </Representation></AdaptationSet></Period></MPD>`;
const playlist = (url: string) => `#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n${url}\n#EXT-X-ENDLIST\n`;
const emptyId3 = Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, 0]);

it.each<[string, (url: string) => Buffer]>([
  ['a DASH manifest that is no UTF-8', (url) => Buffer.from(manifest(url), 'latin1')],
  ['an HLS playlist behind an ID3 tag', (url) => Buffer.concat([emptyId3, Buffer.from(playlist(url))])],
  ['an HLS playlist', (url) => Buffer.from(playlist(url))],
  ['a concat list', (url) => Buffer.from(`ffconcat version 1.0\nfile ${url}\n`)],
  [
    'a session description',
    (url) => Buffer.from(`v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\na=control:${url}\nm=video 9 RTP/AVP 96\n`),
  ],
])('refuses %s, and opens nothing that it names', async (_, make) => {
  await expect(probeFile(make(canary.at('/secret.mp4')))).rejects.toMatchObject({
    code: expect.stringMatching(/^input_/),
  });
  expect(canary.requests).toEqual([]);
});

it.each(['mp4', 'mkv', 'ts', 'avi', 'flv', 'webm', 'mpg', 'ogv', 'wmv', 'nut'])(
  'knows a real .%s',
  async (extension) => {
    const codec =
      { webm: 'libvpx', ogv: 'libtheora', mpg: 'mpeg2video', wmv: 'wmv2' }[extension] ?? 'libx264';
    const clip = await makeClip(
      `clip.${extension}`,
      `-f lavfi -i testsrc=size=64x64:rate=25:duration=0.2 -c:v ${codec}`,
    );
    expect((await probeFile(clip)).video).toMatchObject({ width: 64, height: 64 });
  },
);
