import { accessSync, chmodSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFfmpeg } from '../../local/ffmpeg.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'octet-ffmpeg-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** @returns the path of a file that can be executed */
function program(path: string): string {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, '#!/bin/sh\n', { mode: 0o755 });
  return file;
}

function plainFile(path: string): string {
  const file = program(path);
  chmodSync(file, 0o644);
  return file;
}

/** Stands in for `require`. */
const packages = (paths: Record<string, string>) => (name: string) => {
  if (paths[name] === undefined) throw new Error(`Cannot find module '${name}'`);
  return { path: paths[name], version: '1' };
};

const none = packages({});

describe('the environment', () => {
  it('names both programs', () => {
    const [FFMPEG_PATH, FFPROBE_PATH] = [program('a/ffmpeg-9'), program('b/ffprobe-9')];
    expect(findFfmpeg({ FFMPEG_PATH, FFPROBE_PATH }, none)).toEqual({
      ffmpeg: FFMPEG_PATH,
      ffprobe: FFPROBE_PATH,
      origin: 'environment',
      environment: { GCONV_PATH: '/nonexistent' },
    });
  });

  it('goes before PATH', () => {
    const FFMPEG_PATH = program('a/ffmpeg');
    program('a/ffprobe');
    program('b/ffmpeg');
    program('b/ffprobe');
    expect(findFfmpeg({ FFMPEG_PATH, PATH: join(folder, 'b') }, none).ffmpeg).toBe(FFMPEG_PATH);
  });

  it.each([
    ['FFMPEG_PATH', 'ffmpeg'],
    ['FFPROBE_PATH', 'ffprobe'],
  ])('names one by %s, and the other lies beside it', (variable, name) => {
    const [ffmpeg, ffprobe] = [program('ffmpeg'), program('ffprobe')];
    expect(findFfmpeg({ [variable]: join(folder, name) }, none)).toMatchObject({ ffmpeg, ffprobe });
  });

  it('may hold a path from the current folder', () => {
    const [ffmpeg, ffprobe] = [program('ffmpeg'), program('ffprobe')];
    const FFMPEG_PATH = relative(process.cwd(), ffmpeg);
    expect(findFfmpeg({ FFMPEG_PATH }, none)).toMatchObject({ ffmpeg, ffprobe });
  });

  it('that names a program that is not there is refused, though PATH has one', () => {
    program('ffmpeg');
    program('ffprobe');
    const FFMPEG_PATH = join(folder, 'none');
    expect(() => findFfmpeg({ FFMPEG_PATH, PATH: folder }, none)).toThrow(
      `There is no program at ${FFMPEG_PATH}: set FFMPEG_PATH to the path of one that may be executed.`,
    );
  });

  it('that names no ffprobe beside its ffmpeg is refused', () => {
    expect(() => findFfmpeg({ FFMPEG_PATH: program('ffmpeg') }, none)).toThrow('set FFPROBE_PATH to');
  });

  it.each([
    ['a file that may not be executed', plainFile],
    ['a folder', (path: string) => join(program(`${path}/x`), '..')],
  ])('that names %s is refused', (_, make) => {
    program('ffprobe');
    expect(() => findFfmpeg({ FFMPEG_PATH: make('ffmpeg') }, none)).toThrow('There is no program at');
  });

  it('counts as unset where it is empty', () => {
    const ffmpeg = program('ffmpeg');
    program('ffprobe');
    expect(findFfmpeg({ FFMPEG_PATH: '', FFPROBE_PATH: '', PATH: folder }, none).ffmpeg).toBe(ffmpeg);
  });
});

describe('PATH', () => {
  it('gives the first of each that can be executed', () => {
    plainFile('a/ffmpeg');
    const [ffmpeg, ffprobe] = [program('b/ffmpeg'), program('a/ffprobe')];
    program('c/ffmpeg');
    program('c/ffprobe');
    const PATH = ['a', 'b', 'c'].map((name) => join(folder, name)).join(delimiter);
    expect(findFfmpeg({ PATH }, none)).toEqual({
      ffmpeg,
      ffprobe,
      origin: 'path',
      environment: { GCONV_PATH: '/nonexistent' },
    });
  });

  it('does not stand for the current folder where it is empty', () => {
    const before = process.cwd();
    program('ffmpeg');
    program('ffprobe');
    process.chdir(folder);
    try {
      expect(() => findFfmpeg({ PATH: '' }, none)).toThrow('No ffmpeg was found');
    } finally {
      process.chdir(before);
    }
  });
});

describe('the npm packages', () => {
  const installed = () =>
    packages({
      '@ffmpeg-installer/ffmpeg': program('npm/ffmpeg'),
      '@ffprobe-installer/ffprobe': program('npm/ffprobe'),
    });

  it.each(['ffmpeg', 'ffprobe'])('are taken, both of them, when PATH has %s alone', (name) => {
    program(`bin/${name}`);
    expect(findFfmpeg({ PATH: join(folder, 'bin') }, installed())).toEqual({
      ffmpeg: join(folder, 'npm/ffmpeg'),
      ffprobe: join(folder, 'npm/ffprobe'),
      origin: 'npm',
      environment: { GCONV_PATH: '/nonexistent' },
    });
  });

  it('are made executable when npm did not run their install scripts', () => {
    const load = installed();
    const paths = [plainFile('npm/ffmpeg'), plainFile('npm/ffprobe')];
    findFfmpeg({}, load);
    for (const path of paths) expect(() => accessSync(path, constants.X_OK), path).not.toThrow();
  });

  it.each([
    ['@ffmpeg-installer/ffmpeg', {}],
    ['@ffprobe-installer/ffprobe', { '@ffmpeg-installer/ffmpeg': '' }],
  ])('are missed, with three ways to get an ffmpeg, when %s is not installed', (name, others) => {
    const present = Object.fromEntries(Object.keys(others).map((other) => [other, program('npm/ffmpeg')]));
    expect(() => findFfmpeg({}, packages(present))).toThrow(
      'No ffmpeg was found: install it with your package manager, so that ffmpeg and ffprobe are on PATH; ' +
        'set FFMPEG_PATH and FFPROBE_PATH to the programs; ' +
        `or run "npm install" without leaving out optional packages, which brings ${name}.`,
    );
  });

  it('are missed alike on a machine for which they have no program', () => {
    const load = () => {
      throw 'Unsupported platform/architecture: plan9-mips';
    };
    expect(() => findFfmpeg({}, load)).toThrow('No ffmpeg was found');
  });
});
