import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FfmpegTools, findFfmpeg } from '../../local/ffmpeg.ts';
import { makeSampleClip } from '../../local/sample-clip.ts';
import { mediaFacts } from '../support/clips/media-facts.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'octet-sample-'));
  path = join(folder, 'sample.mp4');
});

afterEach(() => rmSync(folder, { recursive: true }));

function brokenTools(): FfmpegTools {
  const program = join(folder, 'ffmpeg');
  // It writes a part of the file, its last argument, before it fails.
  const lines = [
    '#!/bin/sh',
    'for last; do :; done',
    'echo part > "$last"',
    'echo "No space left" >&2',
    'exit 1',
  ];
  writeFileSync(program, lines.join('\n'), { mode: 0o755 });
  return { ffmpeg: program, ffprobe: program, origin: 'environment', environment: {} };
}

describe('the sample clip', () => {
  it('is 720p at 30 frames/s in H.264 with AAC, as long as was asked', async () => {
    await makeSampleClip(findFfmpeg(process.env), path, { seconds: 1 });
    const facts = await mediaFacts(path);
    expect(facts).toMatchObject({ codec: 'h264', profile: 'High', width: 1280, height: 720 });
    expect(facts).toMatchObject({ pixFmt: 'yuv420p', otherStreams: ['aac'] });
    expect(facts.frameTimes).toHaveLength(30);
    expect(facts.duration).toBeCloseTo(1, 2);
  });

  it('has its index in front, and enough detail to keep an encoder busy', async () => {
    await makeSampleClip(findFfmpeg(process.env), path, { seconds: 1 });
    const file = readFileSync(path);
    expect(file.indexOf('moov')).toBeLessThan(file.indexOf('mdat'));
    expect(statSync(path).size).toBeGreaterThan(500_000);
  });

  it('appears only when it is whole: a failed one leaves what was there', async () => {
    writeFileSync(path, 'older');
    const tools = brokenTools();
    await expect(makeSampleClip(tools, path, { seconds: 1 })).rejects.toThrow('No space left');
    expect(readFileSync(path, 'utf8')).toBe('older');
    expect(readdirSync(folder).sort()).toEqual(['ffmpeg', 'sample.mp4']);
  });
});
