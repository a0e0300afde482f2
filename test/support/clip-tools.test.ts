import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findFfmpeg } from '../../local/ffmpeg.ts';
import { clipPath } from './clips/clip-path.ts';
import { averageColours, type Rgb, toRgb } from './clips/colours.ts';
import { cornerAreas, storedCorners } from './clips/corners.ts';
import { mediaFacts } from './clips/media-facts.ts';
import { boxAt } from './clips/mp4-boxes.ts';
import { encoded } from './clips/recipe.ts';
import { usual } from './clips/sources.ts';
import { within } from './clips/within.ts';

const tools = findFfmpeg(process.env);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'octet-clip-tools-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** To what rounding in 8 bits and encoding leave of a colour. */
const closeTo = ({ red, green, blue }: Rgb) => ({
  red: within(0.02, red),
  green: within(0.02, green),
  blue: within(0.02, blue),
});

describe('colours', () => {
  const gray = 'color=color=gray:size=64x64:rate=5:duration=1';
  const halves = `${gray},drawbox=w=iw/2:color=white:t=fill`;
  const make = async (source: string, options: string) => {
    const path = join(folder, 'colours.mkv');
    await encoded([source], `-c:v ffv1 ${options}`)(path, tools);
    return path;
  };

  it.each([
    ['yuv420p', '-pix_fmt yuv420p'],
    ['yuv422p10le', '-pix_fmt yuv422p10le'],
    ['yuv444p', '-pix_fmt yuv444p'],
  ])('are averaged as 8-bit samples in %s', async (_, options) => {
    const { y, u, v, range } = await averageColours(await make(halves, options));
    expect([y, u, v].map(Math.round)).toEqual([181, 128, 128]);
    expect(range).toBe('limited');
  });

  it('are averaged over an area', async () => {
    const path = await make(halves, '-pix_fmt yuv420p');
    const { y } = await averageColours(path, { x: 0.5, y: 0, width: 0.5, height: 1 });
    expect(Math.round(y)).toBe(126);
  });

  it('are the same in red, green and blue at full and limited range', async () => {
    const full = await averageColours(await clipPath('full-range.mp4'), cornerAreas.bottomRight);
    const limited = await averageColours(await clipPath('h264.mp4'), cornerAreas.bottomRight);
    expect([full.range, limited.range]).toEqual(['full', 'limited']);
    expect(full.y - limited.y).toBeGreaterThan(10);
    expect(toRgb(full, 'bt601')).toEqual(closeTo(toRgb(limited, 'bt601')));
  });

  it.each([
    ['bt601', { y: 81.5, u: 90.2, v: 240 }],
    ['bt709', { y: 62.6, u: 102.3, v: 240 }],
    ['bt2020', { y: 73.5, u: 96.7, v: 240 }],
  ] as const)('of pure red are told by %s', (matrix, samples) => {
    expect(toRgb({ ...samples, range: 'limited' }, matrix)).toEqual(closeTo({ red: 1, green: 0, blue: 0 }));
  });
});

describe('corners', () => {
  it('are told as they are stored, not as they are shown', async () => {
    expect(await storedCorners(await clipPath('rotated-phone.mp4'))).toEqual(usual.corners);
  });
});

describe('clipPath', () => {
  beforeEach(() => vi.stubEnv('TMPDIR', folder));
  afterEach(() => vi.unstubAllEnvs());

  /** With a module of its own, as each process has. */
  const ask = async () => {
    vi.resetModules();
    const { clipPath } = await import('./clips/clip-path.ts');
    return clipPath('anamorphic.mp4');
  };

  it('makes a clip once, also for processes that ask later', async () => {
    const path = await ask();
    const { mtimeMs, ino } = statSync(path);
    expect(await ask()).toBe(path);
    expect(statSync(path)).toMatchObject({ mtimeMs, ino });
  });

  it('gives whole clips to processes that ask at once, and leaves nothing else behind', async () => {
    const [path = '', other] = await Promise.all([ask(), ask()]);
    expect(other).toBe(path);
    expect(readdirSync(dirname(path))).toEqual(['anamorphic.mp4']);
    expect((await mediaFacts(path)).frameTimes).toHaveLength(50);
  });

  it('gives a clip its name only when it is whole', async () => {
    let isMade = false;
    const making = ask().finally(() => {
      isMade = true;
    });
    const seen = new Set<number>();
    while (!isMade) {
      const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
      const named = files.filter((file) => file.endsWith('anamorphic.mp4') && !file.includes('new-'));
      for (const file of named) seen.add(statSync(join(folder, file)).size);
      await nextTurn();
    }
    const whole = statSync(await making).size;
    expect([...seen.add(whole)]).toEqual([whole]);
  });

  it('leaves nothing behind when a clip cannot be made', async () => {
    const path = join(folder, 'none.mp4');
    await expect(encoded(['testsrc2'], '-t 1 -c:v none')(path, tools)).rejects.toThrow("'none'");
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('MP4 boxes', () => {
  const box = (type: string, content: Buffer) => {
    const header = Buffer.alloc(8);
    header.writeUInt32BE(8 + content.length);
    header.write(type, 4);
    return Buffer.concat([header, content]);
  };
  const file = Buffer.concat([
    box('ftyp', Buffer.from('isom')),
    box('moov', Buffer.concat([box('free', Buffer.alloc(0)), box('trak', Buffer.from('first'))])),
  ]);

  it('are found by their path, in the memory of the file', () => {
    const found = boxAt(Buffer.from(file), 'moov/trak');
    expect(found.toString()).toBe('first');
    expect(boxAt(file, 'ftyp').buffer).toBe(file.buffer);
  });

  it.each(['moov/none', 'none/trak', 'moov/trak/none'])('are missed by their name: %s', (path) => {
    expect(() => boxAt(file, path)).toThrow('has no none box');
  });
});
