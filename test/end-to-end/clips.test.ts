import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clipNames, clipPath } from '../support/clips/clip-path.ts';
import { CLIPS, type ClipName, type OtherFileName } from '../support/clips/clips.ts';
import { averageColours, type ColourMatrix, toRgb } from '../support/clips/colours.ts';
import { cornerAreas, storedCorners } from '../support/clips/corners.ts';
import { mediaFacts, type StreamFacts, streamFacts } from '../support/clips/media-facts.ts';
import type { ClipFacts, Corners } from '../support/clips/recipe.ts';
import { usual } from '../support/clips/sources.ts';
import { within } from '../support/clips/within.ts';
import { complaintsOf, headerTimes } from './support/media-checks.ts';
import { Service } from './support/service.ts';

const names = await clipNames();

/** Eight-bit samples have 256 steps; the encoder costs some of them. */
const FEW_STEPS = 4 / 255;

const AREAS = [cornerAreas.topLeft, cornerAreas.topRight, cornerAreas.bottomLeft, cornerAreas.bottomRight];

let service: Service;

beforeAll(async () => {
  service = await Service.start();
});
afterAll(() => service?.stop());

const outputs = (name: string) => [
  { codec: 'h264', resolution: '-1x-1', preset: 'hp', cq: 18, dest_path: `${name}/same-size.mp4` },
  { codec: 'h264', resolution: '128x-1', preset: 'hp', cq: 18, dest_path: `${name}/small.mp4` },
];

async function convert(name: ClipName): Promise<{ sameSize: string; small: string }> {
  const url = await service.publish(await clipPath(name));
  const job = await service.completed(await service.create({ input: { url }, outputs: outputs(name) }));
  const { frames, duration } = CLIPS[name].facts;
  const made = { frames, duration: within(duration / frames, duration) };
  expect(job.outputs).toMatchObject([made, made]);
  return {
    sameSize: await service.download(`${name}/same-size.mp4`),
    small: await service.download(`${name}/small.mp4`),
  };
}

/** In seconds from the first. */
function frameTimesOf({ frameTimes, frames, duration }: ClipFacts): readonly number[] {
  return frameTimes ?? Array.from({ length: frames }, (_, n) => (n * duration) / frames);
}

const even = (side: number) => 2 * Math.round(side / 2);

/** Everything that is the same in every output. */
async function expectRightFile(path: string, facts: ClipFacts, size: { width: number; height: number }) {
  const { frameTimes, duration, ...stream } = await mediaFacts(path);
  expect(stream).toEqual({
    ...size,
    codec: 'h264',
    profile: 'High',
    level: expect.any(Number),
    sampleAspectRatio: 1,
    rotation: 0,
    isMirrored: false,
    pixFmt: 'yuv420p',
    fieldOrder: 'progressive',
    colourRange: 'tv',
    colourSpace: 'bt709',
    colourTransfer: 'bt709',
    colourPrimaries: 'bt709',
    otherStreams: [],
  });
  expect(frameTimes).toEqual(frameTimesOf(facts).map((time) => within(0.001, time)));
  expect(await headerTimes(path)).toEqual({
    start: 0,
    duration: within(facts.duration / facts.frames, facts.duration),
  });
  expect(await complaintsOf(path)).toBe('');
}

describe('a job', () => {
  const check = async (name: ClipName) => {
    const { facts } = CLIPS[name];
    const { displayWidth, displayHeight } = facts;
    const { sameSize, small } = await convert(name);
    await expectRightFile(sameSize, facts, { width: even(displayWidth), height: even(displayHeight) });
    await expectRightFile(small, facts, { width: 128, height: even((128 * displayHeight) / displayWidth) });
    if (facts.corners !== undefined) expect(await storedCorners(small)).toEqual(facts.corners);
    // What HDR's colours are in SDR is a matter of taste.
    if (name.startsWith('hdr')) return;
    for (const path of [sameSize, small]) await expectSameColours(path, await clipPath(name), facts.corners);
  };

  it.concurrent.each(names)('makes of %s what players show of it', check);
});

/** In the yellow corner, whose brightness tells a wrong range and whose colour tells a wrong matrix; else as a whole. */
async function expectSameColours(path: string, source: string, corners: Corners | undefined): Promise<void> {
  const areaIn = (all: Corners | undefined) => all && AREAS[all.indexOf('yellow')];
  const expected = await averageColours(source, areaIn(corners && usual.corners));
  const { red, green, blue } = toRgb(expected, matrixOf(await streamFacts(source)));
  expect(toRgb(await averageColours(path, areaIn(corners)), 'bt709')).toEqual({
    red: within(FEW_STEPS, red),
    green: within(FEW_STEPS, green),
    blue: within(FEW_STEPS, blue),
  });
}

function matrixOf({ colourSpace, width, height }: StreamFacts): ColourMatrix {
  if (colourSpace === 'bt709') return 'bt709';
  if (colourSpace !== 'unknown') return 'bt601';
  return width >= 1280 || height > 576 ? 'bt709' : 'bt601';
}

it('ends with input_corrupt for a file that is cut short', async () => {
  const url = await service.publish(await clipPath('truncated.mp4'));
  const job = await service.ended(await service.create({ input: { url }, outputs: outputs('truncated') }));
  expect(job).toMatchObject({
    status: 'error',
    error: {
      code: 'input_corrupt',
      message: expect.stringMatching(/promises 2\.00 s of video and only [01]\.\d\d s can be decoded/),
    },
  });
});

it.each<[OtherFileName, string, string]>([
  ['two-tracks-of-sound.mp4', 'input_unsupported', 'has no video stream'],
  ['cover-art.m4a', 'input_unsupported', 'has no video stream'],
  ['empty.mp4', 'input_not_media', 'is empty: check that its upload was complete.'],
  ['web-page.mp4', 'input_not_media', 'is a web page (text/html), not a media file'],
])('refuses %s at once', async (name, code, sentence) => {
  const url = await service.publish(await clipPath(name));
  const job = { input: { url }, destination: service.destination(), outputs: outputs(name) };
  const answer = await service.call('POST', '/v0/jobs/create', job);
  expect(answer).toMatchObject({
    status: 422,
    body: { code, error: expect.stringContaining(sentence), errors: [{ path: 'input.url', code }] },
  });
});
