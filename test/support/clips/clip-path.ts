import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FfmpegTools, findFfmpeg } from '../../../local/ffmpeg.ts';
import {
  CLIPS,
  type ClipName,
  LONG_CLIPS,
  type LongClipName,
  OTHER_FILES,
  type OtherFileName,
} from './clips.ts';
import { type Clip, runFfmpeg } from './recipe.ts';

type FileName = ClipName | LongClipName | OtherFileName;

const recipes = { ...CLIPS, ...LONG_CLIPS, ...OTHER_FILES };

const here = import.meta.dirname;

const wanted = new Map<FileName, Promise<string>>();

/**
 * The path of a clip, which is made when this machine has not got it yet. Several processes may ask at once.
 *
 * @throws Error with what ffmpeg printed, as when it lacks the encoder that the clip needs
 */
export function clipPath(name: FileName): Promise<string> {
  const known = wanted.get(name) ?? makeOnce(name);
  wanted.set(name, known);
  return known;
}

/** The clips that the ffmpeg on this machine has the encoders for. */
export function clipNames(): Promise<ClipName[]> {
  return madeHere(CLIPS);
}

/** The long clips that it has the encoders for. */
export function longClipNames(): Promise<LongClipName[]> {
  return madeHere(LONG_CLIPS);
}

async function madeHere<Name extends string>(
  clips: Readonly<Record<Name, Pick<Clip, 'needs'>>>,
): Promise<Name[]> {
  const encoders = await runFfmpeg(findFfmpeg(process.env), ['-encoders']);
  return (Object.keys(clips) as Name[]).filter((name) =>
    encoders.includes(` ${clips[name].needs ?? 'libx264'} `),
  );
}

async function makeOnce(name: FileName): Promise<string> {
  const tools = findFfmpeg(process.env);
  const folder = await folderFor(tools);
  const path = join(folder, name);
  if (!existsSync(path)) await makeAside(folder, name, tools);
  return path;
}

/** A clip takes its name when it is whole. Of two that are made at once, either will do. */
async function makeAside(folder: string, name: FileName, tools: FfmpegTools): Promise<void> {
  const aside = mkdtempSync(join(folder, 'new-'));
  try {
    await recipes[name].make(join(aside, name), tools);
    renameSync(join(aside, name), join(folder, name));
  } finally {
    rmSync(aside, { recursive: true });
  }
}

/** Other recipes and another ffmpeg have another folder; so has another user, who may not write into this one. */
async function folderFor(tools: FfmpegTools): Promise<string> {
  const hash = createHash('sha256').update(await runFfmpeg(tools, ['-version']));
  for (const file of readdirSync(here).sort()) hash.update(readFileSync(join(here, file)));
  const folder = join(
    tmpdir(),
    `octet-clips-${process.getuid?.() ?? 'user'}`,
    hash.digest('hex').slice(0, 16),
  );
  mkdirSync(folder, { recursive: true });
  return folder;
}
