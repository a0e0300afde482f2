import { accessSync, chmodSync, constants, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, resolve } from 'node:path';
import * as v from 'valibot';

/** An ffmpeg and its ffprobe, as absolute paths. */
export interface FfmpegTools {
  readonly ffmpeg: string;
  readonly ffprobe: string;
  /**
   * `environment`: named by FFMPEG_PATH or FFPROBE_PATH. `path`: found on PATH. `npm`: from the optional npm packages,
   * whose ffmpeg is of 2018 (4.1).
   */
  readonly origin: 'environment' | 'path' | 'npm';
  /** Variables that both need in their environment. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Loads a package, or throws. */
export type LoadPackage = (name: string) => unknown;

const extension = process.platform === 'win32' ? '.exe' : '';

/**
 * A static build, as the npm packages and many download pages have it, loads the host's character converters through glibc,
 * and these crash it (seen with ffprobe on every MPEG-TS file that names its service). Where it finds none, it does
 * without, and so does a build that is not static.
 */
const environment = { GCONV_PATH: '/nonexistent' };

const installerSchema = v.object({ path: v.string() });

/**
 * Finds ffmpeg and ffprobe: by FFMPEG_PATH and FFPROBE_PATH, of which either may be left out when they lie side by side;
 * else on PATH; else in the packages @ffmpeg-installer/ffmpeg and @ffprobe-installer/ffprobe.
 *
 * @param load loads one of the packages; by default from this project's node_modules
 * @throws Error whose message says what to change
 */
export function findFfmpeg(
  env: NodeJS.ProcessEnv,
  load: LoadPackage = createRequire(import.meta.url),
): FfmpegTools {
  return fromEnvironment(env) ?? fromPath(env.PATH ?? '') ?? fromNpm(load);
}

function fromEnvironment({ FFMPEG_PATH, FFPROBE_PATH }: NodeJS.ProcessEnv): FfmpegTools | undefined {
  const named = FFMPEG_PATH || FFPROBE_PATH;
  if (!named) return undefined;
  const ffmpeg = resolve(FFMPEG_PATH || join(dirname(named), `ffmpeg${extension}`));
  const ffprobe = resolve(FFPROBE_PATH || join(dirname(named), `ffprobe${extension}`));
  assertProgram('FFMPEG_PATH', ffmpeg);
  assertProgram('FFPROBE_PATH', ffprobe);
  return { ffmpeg, ffprobe, origin: 'environment', environment };
}

function assertProgram(variable: string, path: string): void {
  if (!isProgram(path))
    throw new Error(
      `There is no program at ${path}: set ${variable} to the path of one that may be executed.`,
    );
}

function fromPath(path: string): FfmpegTools | undefined {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  const find = (name: string) => folders.map((folder) => resolve(folder, name + extension)).find(isProgram);
  const ffmpeg = find('ffmpeg');
  const ffprobe = find('ffprobe');
  if (ffmpeg === undefined || ffprobe === undefined) return undefined;
  return { ffmpeg, ffprobe, origin: 'path', environment };
}

function fromNpm(load: LoadPackage): FfmpegTools {
  const ffmpeg = programOf(load, '@ffmpeg-installer/ffmpeg');
  const ffprobe = programOf(load, '@ffprobe-installer/ffprobe');
  return { ffmpeg, ffprobe, origin: 'npm', environment };
}

function programOf(load: LoadPackage, name: string): string {
  const path = pathOf(load, name);
  // The packages' install scripts would do it, but npm 11 runs install scripts only where it is told to.
  if (!isProgram(path)) chmodSync(path, 0o755);
  return path;
}

function pathOf(load: LoadPackage, name: string): string {
  try {
    return v.parse(installerSchema, load(name)).path;
  } catch (cause) {
    const ways = [
      'install it with your package manager, so that ffmpeg and ffprobe are on PATH',
      'set FFMPEG_PATH and FFPROBE_PATH to the programs',
      `or run "npm install" without leaving out optional packages, which brings ${name}`,
    ];
    throw new Error(`No ffmpeg was found: ${ways.join('; ')}.`, { cause });
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
