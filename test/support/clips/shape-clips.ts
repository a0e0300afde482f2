import { type DisplayMatrix, withDisplayMatrix } from './mp4-boxes.ts';
import { type Clip, type ClipFacts, type Corners, edited, encoded } from './recipe.ts';
import { aac, faststart, h264, picture, tone, usual } from './sources.ts';

const plain = encoded([picture(), tone()], `${h264} ${aac} ${faststart}`);

const turned = (...matrix: DisplayMatrix) => edited(plain, (file) => withDisplayMatrix(file, matrix));

const turnedFacts = (...corners: Corners): ClipFacts => ({ ...usual, corners });

const portraitFacts = (...corners: Corners): ClipFacts => ({
  ...turnedFacts(...corners),
  displayWidth: 180,
  displayHeight: 320,
});

const withPixels = (shape: string, size?: string) =>
  encoded([`${picture({ size })},setsar=sar=${shape}:max=2000`], `${h264} ${faststart}`);

/** What players turn, mirror or stretch, and sizes that 4:2:0 cannot have. */
export const shapeClips = {
  /** As phones write them that are held upright. */
  'rotated-phone.mp4': {
    make: turned(0, 1, -1, 0),
    facts: portraitFacts('blue', 'red', 'yellow', 'lime'),
    traits: { rotation: -90, isMirrored: false, width: 320, height: 180, otherStreams: ['aac'] },
  },
  'rotated-180.mp4': {
    make: turned(-1, 0, 0, -1),
    facts: turnedFacts('yellow', 'blue', 'lime', 'red'),
    traits: { rotation: -180, isMirrored: false },
  },
  'rotated-270.mp4': {
    make: turned(0, -1, 1, 0),
    facts: portraitFacts('lime', 'yellow', 'red', 'blue'),
    traits: { rotation: 90, isMirrored: false },
  },
  'mirrored.mp4': {
    make: turned(-1, 0, 0, 1),
    facts: turnedFacts('lime', 'red', 'yellow', 'blue'),
    traits: { rotation: -180, isMirrored: true },
  },
  'mirrored-phone.mp4': {
    make: turned(0, 1, 1, 0),
    facts: portraitFacts('red', 'blue', 'lime', 'yellow'),
    traits: { rotation: -90, isMirrored: true },
  },
  'anamorphic.mp4': {
    make: withPixels('2'),
    facts: { ...usual, displayWidth: 640 },
    traits: { sampleAspectRatio: 2 },
  },
  'odd-pixels.mp4': {
    make: withPixels('1280/1281', '854x480'),
    facts: { ...usual, storedWidth: 854, storedHeight: 480, displayWidth: 853.33, displayHeight: 480 },
    traits: { sampleAspectRatio: 1280 / 1281 },
  },
  'odd-size-444.mp4': {
    make: encoded(
      [`${picture()},scale=321:181,setsar=1,format=yuv444p`],
      `${h264} -pix_fmt yuv444p ${faststart}`,
    ),
    facts: { ...usual, storedWidth: 321, storedHeight: 181, displayWidth: 321, displayHeight: 181 },
    traits: { profile: 'High 4:4:4 Predictive', pixFmt: 'yuv444p' },
  },
  /** The only common codec whose 4:2:0 pictures can have odd sizes. */
  'odd-size.webm': {
    make: encoded(
      [`${picture()},scale=321:181,setsar=1,format=yuv420p`],
      '-c:v libvpx-vp9 -deadline realtime -cpu-used 8',
    ),
    needs: 'libvpx-vp9',
    facts: { ...usual, storedWidth: 321, storedHeight: 181, displayWidth: 321, displayHeight: 181 },
    traits: { codec: 'vp9', pixFmt: 'yuv420p' },
  },
  'vp9-square.webm': {
    make: encoded([picture({ size: '240x240' })], '-c:v libvpx-vp9 -deadline realtime -cpu-used 8'),
    needs: 'libvpx-vp9',
    facts: { ...usual, storedWidth: 240, storedHeight: 240, displayWidth: 240, displayHeight: 240 },
    traits: { codec: 'vp9' },
  },
} satisfies Record<string, Clip>;
