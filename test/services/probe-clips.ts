import { beforeAll } from 'vitest';
import { makeClip } from '../support/ffmpeg.ts';

const picture = '-f lavfi -i testsrc2=size=640x360:rate=25:duration=2';
const tone = '-f lavfi -i sine=duration=2';
const h264 = '-c:v libx264 -preset ultrafast -qp 12 -pix_fmt yuv420p';
const faststart = '-movflags +faststart';

/** Each is longer than the first request's 256 KiB, so that what is not at its beginning takes another one. */
const recipes = {
  faststart: ['clip.mp4', `${picture} ${tone} ${h264} -c:a aac ${faststart}`],
  moovLast: ['clip.mp4', `${picture} ${h264}`],
  quickTime: ['clip.mov', `${picture} ${h264} ${faststart}`],
  ntsc: ['clip.mp4', `-f lavfi -i testsrc2=size=640x360:rate=30000/1001:duration=2 ${h264} ${faststart}`],
  matroska: ['clip.mkv', `${picture} ${h264}`],
  webm: ['clip.webm', `${picture} -c:v libvpx -deadline realtime -cpu-used 8 -b:v 4M`],
  transportStream: ['clip.ts', `${picture} ${h264}`],
  fragmented: ['clip.mp4', `${picture} ${h264} -movflags frag_keyframe+empty_moov+default_base_moof`],
  wide: ['clip.mp4', `${picture} -vf setsar=2/1 ${h264} ${faststart}`],
  tall: ['clip.mp4', `${picture} -vf setsar=1/2 ${h264} ${faststart}`],
  tallMatroska: ['clip.mkv', `${picture} -vf setsar=1/2 ${h264}`],
  mpeg4: ['clip.mp4', `${picture} -c:v mpeg4 -qscale:v 2 ${faststart}`],
  mpeg2InTransportStream: ['clip.ts', `${picture} -c:v mpeg2video -qscale:v 2`],
  avi: ['clip.avi', `${picture} -c:v mpeg4 -qscale:v 2`],
  audioOnly: ['clip.mp4', `-f lavfi -i sine=duration=2 -c:a aac ${faststart}`],
  wave: ['clip.wav', `-f lavfi -i sine=duration=2`],
} satisfies Record<string, [path: string, args: string]>;

type ProbeClip = keyof typeof recipes;

/** Makes all clips before the tests, and gives a function that has each by its name. */
export function useProbeClips(): (name: ProbeClip) => Buffer {
  const clips = new Map<string, Buffer>();
  beforeAll(async () => {
    for (const [name, [path, args]] of Object.entries(recipes)) clips.set(name, await makeClip(path, args));
  }, 60_000);
  return (name) => {
    const bytes = clips.get(name);
    if (bytes === undefined) throw new Error(`There is no clip ${name}`);
    return bytes;
  };
}

/** Says in a clip's track header that it is to be turned by 90 degrees clockwise: ISO/IEC 14496-12, 8.3.2. */
export function onItsSide(bytes: Buffer): Buffer {
  const turned = Buffer.from(bytes);
  const matrix = turned.indexOf('tkhd') + 44;
  [0, 0x10000, 0, -0x10000, 0, 0].forEach((value, index) => {
    turned.writeInt32BE(value, matrix + 4 * index);
  });
  return turned;
}
