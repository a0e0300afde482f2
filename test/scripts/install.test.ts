import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** Does what the test's file `behaviour` says, after it has noted its arguments, and replaces node_modules as npm does. */
const npm = `
  const fs = require('node:fs');
  fs.appendFileSync('npm-runs', process.argv.slice(2).join(' ') + '\\n');
  fs.rmSync('node_modules', { recursive: true, force: true });
  fs.mkdirSync('node_modules');
  eval(fs.readFileSync('behaviour', 'utf8'));`;

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'octet-install-'));
  write('package.json', '{"engines":{"node":">=20.19"}}');
  write('package-lock.json', '{}');
  write('behaviour', '');
  write('npm/npm-cli.js', npm);
  mkdirSync(join(root, 'scripts'));
  copyFileSync(new URL('../../scripts/install.mjs', import.meta.url), join(root, 'scripts/install.mjs'));
});

afterEach(() => rmSync(root, { recursive: true }));

function write(name: string, text: string, secondsAgo = 0): void {
  const path = join(root, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode: 0o755 });
  const at = Date.now() / 1000 - secondsAgo;
  utimesSync(path, at, at);
}

const npmExecpath = () => ({ npm_execpath: join(root, 'npm/npm-cli.js') });

interface Install {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the script as npm runs it. */
function install(env: NodeJS.ProcessEnv = npmExecpath(), nodeOptions: string[] = []): Promise<Install> {
  const child = spawn(process.execPath, [...nodeOptions, join(root, 'scripts/install.mjs')], { env });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => {
    output.stdout += data;
  });
  child.stderr.on('data', (data) => {
    output.stderr += data;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...output }));
  });
}

function npmRuns(): string[] {
  const path = join(root, 'npm-runs');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
}

function waitFor(condition: () => void): Promise<void> {
  return vi.waitFor(condition, { timeout: 10_000, interval: 15 });
}

const nothing = { code: 0, stdout: '', stderr: '' };

describe('on a fresh clone', () => {
  it('npm ci is run, development and optional packages included, and one line says so', async () => {
    const { code, stdout, stderr } = await install();
    expect(stderr).toMatch(/^Installing the packages that package-lock.json names \.\.\. done in \d+ s\.\n$/);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(npmRuns()).toEqual(['ci --include=dev --include=optional --loglevel=error']);
  });

  it('what npm prints is not shown when all is well', async () => {
    write('behaviour', "console.log('added 1 package'); console.error('a warning')");
    expect((await install()).stderr).not.toMatch(/added|warning/);
  });

  it('a second run does nothing', async () => {
    await install();
    expect(await install()).toEqual(nothing);
    expect(npmRuns()).toHaveLength(1);
  });

  it('npm is found on PATH when another package manager runs the script', async () => {
    write('bin/npm', `#!${process.execPath}\n${npm}`);
    await install({ npm_execpath: '/opt/yarn/bin/yarn.js', PATH: join(root, 'bin') });
    expect(npmRuns()).toHaveLength(1);
  });

  it('a missing npm is told in a sentence', async () => {
    expect(await install({ PATH: join(root, 'bin') })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('npm cannot be started: spawn npm ENOENT\n'),
    });
  });
});

describe('packages are installed again', () => {
  it('when package-lock.json has changed', async () => {
    await install();
    write('package-lock.json', '{"changed":true}');
    await install();
    expect(npmRuns()).toHaveLength(2);
  });

  it('when another platform or version of Node.js installed them', async () => {
    await install();
    const stamp = join(root, 'node_modules/.octet-install');
    writeFileSync(stamp, readFileSync(stamp, 'utf8').replace(/node \d+/, 'node 18'));
    write('node_modules/.package-lock.json', '{}', -60);
    await install();
    expect(npmRuns()).toHaveLength(2);
  });

  it('when somebody else installed them before package-lock.json changed', async () => {
    write('node_modules/.package-lock.json', '{}', 60);
    await install();
    expect(npmRuns()).toHaveLength(1);
  });
});

describe('packages that somebody installed by hand', () => {
  it('are taken when they are newer than package-lock.json', async () => {
    write('package-lock.json', '{}', 60);
    write('node_modules/.package-lock.json', '{}');
    expect(await install()).toEqual(nothing);
    expect(npmRuns()).toEqual([]);
    expect(existsSync(join(root, '.octet')), 'that it took the lock').toBe(false);
  });

  it('are known from then on, whatever the times of the files say', async () => {
    write('package-lock.json', '{}', 60);
    write('node_modules/.package-lock.json', '{}');
    await install();
    write('package-lock.json', '{}');
    expect(await install()).toEqual(nothing);
    expect(npmRuns()).toEqual([]);
  });

  it('are taken also after this script, as npm install of one more leaves them', async () => {
    await install();
    write('package-lock.json', '{"more":true}', 60);
    write('node_modules/.package-lock.json', '{"more":true}');
    expect(await install()).toEqual(nothing);
    expect(npmRuns()).toHaveLength(1);
  });
});

describe('when npm fails', () => {
  it('its output is shown and its exit code is kept', async () => {
    write('behaviour', "console.log('out'); console.error('npm error code E404'); process.exitCode = 7");
    const { code, stderr } = await install();
    expect(code).toBe(7);
    expect(stderr).toMatch(/^Installing .* \.\.\. failed\.\n/);
    expect(stderr.split('\n')).toEqual(expect.arrayContaining(['out', 'npm error code E404']));
  });

  it('the next run tries again', async () => {
    write('behaviour', 'process.exit(1)');
    await install();
    write('behaviour', '');
    expect((await install()).code).toBe(0);
    expect(npmRuns()).toHaveLength(2);
  });

  it('by a signal, the exit code is 1', async () => {
    write('behaviour', "process.kill(process.pid, 'SIGKILL')");
    expect((await install()).code).toBe(1);
  });
});

describe('two at once', () => {
  const untilGo = "const timer = setInterval(() => fs.existsSync('go') && clearInterval(timer), 10)";
  const dataDir = () => join(root, '.octet');

  it('install once: the second waits, and then finds nothing to do', async () => {
    write('behaviour', untilGo);
    const first = install();
    await waitFor(() => expect(npmRuns()).toHaveLength(1));
    const second = install();
    await waitFor(() => expect(readdirSync(dataDir())).toHaveLength(2));
    write('go', '');
    expect(await Promise.all([first, second])).toMatchObject([{ code: 0 }, nothing]);
    expect(npmRuns()).toHaveLength(1);
    expect(readdirSync(dataDir())).toEqual([]);
  });

  it('do not wait for one that died', async () => {
    write('.octet/install.lock/7', 'process 7', 11);
    expect((await Promise.all([install(), install()])).map(({ code }) => code)).toEqual([0, 0]);
    expect(npmRuns()).toHaveLength(1);
  });

  it('keep the lock alive while npm runs', async () => {
    write('behaviour', untilGo);
    const running = install();
    await waitFor(() => expect(npmRuns()).toHaveLength(1));
    const lock = join(dataDir(), 'install.lock');
    const [owner = ''] = readdirSync(lock);
    utimesSync(join(lock, owner), 0, 0);
    await waitFor(() => expect(statSync(join(lock, owner)).mtimeMs).toBeGreaterThan(0));
    write('go', '');
    expect((await running).code).toBe(0);
  });

  it('free the lock when npm is interrupted', async () => {
    write('behaviour', `${untilGo}; process.on('SIGTERM', () => process.exit(3))`);
    const env = { ...npmExecpath() };
    const child = spawn(process.execPath, [join(root, 'scripts/install.mjs')], { env });
    const exit = new Promise((resolve) => child.once('exit', resolve));
    await waitFor(() => expect(npmRuns()).toHaveLength(1));
    child.kill('SIGTERM');
    expect(await exit).not.toBe(0);
    expect(readdirSync(dataDir())).toEqual([]);
  });
});

describe('Node.js', () => {
  const withNode = (version: string) => {
    const code = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
    return ['--import', `data:text/javascript,${encodeURIComponent(code)}`];
  };

  it.each(['18.20.8', '20.18.3'])('%s is refused in one sentence', async (version) => {
    expect(await install(npmExecpath(), withNode(version))).toEqual({
      code: 1,
      stdout: '',
      stderr: `Octet needs Node.js 20.19 or newer, and this is ${version}: install a newer one from https://nodejs.org.\n`,
    });
    expect(npmRuns()).toEqual([]);
  });

  it.each(['20.19.0', '22.0.0', '24.21.0'])('%s is taken', async (version) => {
    expect((await install(npmExecpath(), withNode(version))).code).toBe(0);
  });
});
