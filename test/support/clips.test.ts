import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFfmpeg } from '../../local/ffmpeg.ts';
import { clipNames, clipPath } from './clips/clip-path.ts';
import { CLIPS, type ClipName, type OtherFileName } from './clips/clips.ts';
import { storedCorners } from './clips/corners.ts';
import { type MediaFacts, mediaFacts, startsOfKeyframes } from './clips/media-facts.ts';
import { boxAt } from './clips/mp4-boxes.ts';
import { type ClipFacts, runFfmpeg, runFfprobe } from './clips/recipe.ts';
import { within } from './clips/within.ts';

const names = await clipNames();
const tools = findFfmpeg(process.env);

/** As the table has them, from what ffprobe says. */
function factsFrom(found: MediaFacts): ClipFacts {
  const { width, height, sampleAspectRatio, rotation, frameTimes, duration } = found;
  const [start = 0] = frameTimes;
  const square = { displayWidth: width * sampleAspectRatio, displayHeight: height };
  const display =
    Math.abs(rotation) === 90
      ? { displayWidth: square.displayHeight, displayHeight: square.displayWidth }
      : square;
  const times = frameTimes.map((time) => time - start);
  const stored = { storedWidth: width, storedHeight: height };
  return { ...stored, ...display, frames: times.length, duration, start, frameTimes: times };
}

/** With what the table leaves to its defaults. */
function claimOf({ corners, ...facts }: ClipFacts): Required<Omit<ClipFacts, 'corners'>> {
  const evenTimes = Array.from({ length: facts.frames }, (_, n) => (n * facts.duration) / facts.frames);
  return { start: 0, frameTimes: evenTimes, ...facts };
}

describe('the table', () => {
  const check = async (name: ClipName) => {
    const found = await mediaFacts(await clipPath(name));
    const claim = claimOf(CLIPS[name].facts);
    expect(found).toMatchObject(CLIPS[name].traits);
    expect(factsFrom(found)).toEqual({
      ...claim,
      displayWidth: within(0.01, claim.displayWidth),
      // How long the last frame lasts is not for all containers to say.
      duration: within(0.04, claim.duration),
      start: within(0.001, claim.start),
      // Matroska counts milliseconds.
      frameTimes: claim.frameTimes.map((time) => within(0.001, time)),
    });
  };

  it.concurrent.each(names)('claims of %s what ffprobe finds in it', check, 60_000);
});

describe('a clip', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'octet-clips-test-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it.each<[ClipName, string]>([
    ['h264.mp4', 'null'],
    ['rotated-phone.mp4', 'transpose=clock'],
    ['rotated-180.mp4', 'hflip,vflip'],
    ['rotated-270.mp4', 'transpose=cclock'],
    ['mirrored.mp4', 'hflip'],
    ['mirrored-phone.mp4', 'transpose=cclock_flip'],
  ])('%s has its corners where the table says, once %s was done to it', async (name, filter) => {
    const upright = join(folder, 'upright.mkv');
    const args = ['-noautorotate', '-i', await clipPath(name), '-vf', filter, '-c:v', 'ffv1', upright];
    await runFfmpeg(tools, args);
    expect(await storedCorners(upright)).toEqual(CLIPS[name].facts.corners);
  });

  it('edit-list.mp4 starts with the eleventh of its stored frames, and promises what it shows', async () => {
    const path = await clipPath('edit-list.mp4');
    const framesOf = async (...options: string[]) => {
      const hashes = await runFfmpeg(tools, [...options, '-i', path, '-f', 'framemd5', '-']);
      return hashes
        .split('\n')
        .filter((line) => line.startsWith('0,'))
        .map((line) => line.split(',').at(-1));
    };
    const stored = await framesOf('-ignore_editlist', '1');
    expect(await framesOf()).toEqual(stored.slice(10));
    const file = readFileSync(path);
    const movieTicks = 1600;
    expect(boxAt(file, 'moov/mvhd').readUInt32BE(16)).toBe(movieTicks);
    expect(boxAt(file, 'moov/trak/tkhd').readUInt32BE(20)).toBe(movieTicks);
    expect(boxAt(file, 'moov/trak/edts/elst').readUInt32BE(8)).toBe(movieTicks);
  });

  const keyframes: [ClipName, number[]][] = [
    ['h264.mp4', [0, 1]],
    ['open-gop.mp4', [0, 0.96, 1.92]],
    ['vp9-square.webm', [0]],
  ];

  it.each(keyframes.filter(([name]) => names.includes(name)))(
    '%s has keyframes at %j',
    async (name, times) => {
      expect(await startsOfKeyframes(await clipPath(name))).toEqual(times);
    },
  );

  it.each<[ClipName, boolean]>([
    ['open-gop.mp4', true],
    ['h264.mp4', false],
  ])('%s stores frames after a keyframe that are shown before it: %s', async (name, isOpen) => {
    const args = ['-select_streams', 'v', '-show_entries', 'packet=pts,flags', '-of', 'csv=print_section=0'];
    const packets = (await runFfprobe(tools, [...args, await clipPath(name)])).trim().split('\n');
    let keyframe = 0;
    const isLeading = packets.map((packet) => {
      const pts = Number(packet.split(',')[0]);
      if (packet.includes('K')) keyframe = pts;
      return pts < keyframe;
    });
    expect(isLeading.includes(true)).toBe(isOpen);
  });

  it.each([
    [1000, '-minrate 1000k -maxrate 1000k -bufsize 1000k -x264-params nal-hrd=cbr'],
    [3000, '-maxrate 4500k -bufsize 6000k'],
  ])('natural.mp4 can be encoded at %d kbit/s with %s', async (rate, control) => {
    const path = join(folder, 'encoded.mp4');
    const settings = `-c:v libx264 -preset superfast -g 50 -b:v ${rate}k ${control}`.split(' ');
    await runFfmpeg(tools, ['-i', await clipPath('natural.mp4'), ...settings, path]);
    expect((statSync(path).size * 8) / 1000 / CLIPS['natural.mp4'].facts.duration / rate).toBeCloseTo(1, 1);
  });
});

describe('another file', () => {
  const streamsOf = async (name: OtherFileName, entries: string) => {
    const args = ['-show_entries', entries, '-of', 'compact=print_section=0:nokey=1:item_sep=\\,'];
    return (await runFfprobe(tools, [...args, await clipPath(name)])).trim().split('\n');
  };

  it.each<[OtherFileName, string]>([
    ['two-tracks-of-sound.mp4', 'has no video stream'],
    ['empty.mp4', 'Invalid data found'],
    ['web-page.mp4', 'Invalid data found'],
  ])('%s has no facts: ffprobe says %s', async (name, message) => {
    await expect(mediaFacts(await clipPath(name))).rejects.toThrow(message);
  });

  it('cover-art.m4a has a still picture beside its sound', async () => {
    expect(await streamsOf('cover-art.m4a', 'stream=codec_name:disposition=attached_pic')).toEqual([
      'aac,0',
      'mjpeg,1',
    ]);
  });

  it('truncated.mp4 promises more frames than it has', async () => {
    expect(await streamsOf('truncated.mp4', 'stream=nb_frames')).toEqual(['50']);
    const { frameTimes } = await mediaFacts(await clipPath('truncated.mp4'));
    expect(frameTimes.length).toBeGreaterThan(10);
    expect(frameTimes.length).toBeLessThan(40);
  });
});
