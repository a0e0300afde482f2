// Installs what package-lock.json names, when that has not been done yet. npm runs this before the scripts of package.json
// that need it, so it may import nothing but Node's own modules, and must take no time when there is nothing to do.
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const packageLock = join(root, 'package-lock.json');
const stampFile = join(root, 'node_modules/.octet-install');
const dataDir = join(root, '.octet');
const lock = join(dataDir, 'install.lock');
const runtime = `node ${process.versions.node.split('.')[0]} ${process.platform}-${process.arch}`;

/** Its holder touches a lock once a second. */
const lockIsDeadAfterMs = 10_000;

process.exitCode = await main();

async function main() {
  const problem = nodeProblem(process.versions.node);
  if (problem !== undefined) {
    say(`${problem}\n`);
    return 1;
  }
  if (isInstalled()) return 0;
  return withLock(() => (isInstalled() ? 0 : install()));
}

/** A sentence when this Node.js is older than `engines` in package.json allows. */
function nodeProblem(version) {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const minimum = engines.node.replace('>=', '');
  const [major, minor] = version.split('.').map(Number);
  const [minimumMajor, minimumMinor] = minimum.split('.').map(Number);
  if (major > minimumMajor || (major === minimumMajor && minor >= minimumMinor)) return undefined;
  return `Octet needs Node.js ${minimum} or newer, and this is ${version}: install a newer one from https://nodejs.org.`;
}

/** Also leaves a stamp where there is none and somebody ran `npm install` or `npm ci` since package-lock.json changed. */
function isInstalled() {
  const stamp = contentOf(stampFile);
  if (stamp === presentStamp()) return true;
  const isForOtherRuntime = stamp !== undefined && !stamp.endsWith(runtime);
  // npm writes this file at the end of an installation.
  const installedAt = modifiedAt(join(root, 'node_modules/.package-lock.json')) ?? 0;
  if (isForOtherRuntime || installedAt <= modifiedAt(packageLock)) return false;
  writeStamp();
  return true;
}

function presentStamp() {
  return `${createHash('sha256').update(readFileSync(packageLock)).digest('hex')} ${runtime}`;
}

function writeStamp() {
  writeFileSync(stampFile, presentStamp());
}

/** Runs `npm ci`, whose output is shown when it fails. @returns its exit code */
async function install() {
  const startedAt = Date.now();
  say('Installing the packages that package-lock.json names ... ');
  const { code, output } = await runNpm(['ci', '--include=dev', '--include=optional', '--loglevel=error']);
  if (code !== 0) {
    say(`failed.\n${output}`);
    return code;
  }
  writeStamp();
  say(`done in ${Math.round((Date.now() - startedAt) / 1000)} s.\n`);
  return 0;
}

function runNpm(args) {
  // Under `npm run` this names the npm that runs it; other package managers set it too, to themselves.
  const npm = process.env.npm_execpath ?? '';
  const options = { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] };
  const child = /npm-cli\.c?js$/.test(npm)
    ? spawn(process.execPath, [npm, ...args], options)
    : spawnFromPath(args, options);
  return resultOf(child);
}

/** Windows starts .cmd files only through a shell: https://nodejs.org/api/child_process.html#spawning-bat-and-cmd-files-on-windows */
function spawnFromPath(args, options) {
  if (process.platform === 'win32') return spawn('npm.cmd', args, { ...options, shell: true });
  return spawn('npm', args, options);
}

function resultOf(child) {
  const forward = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
  let output = '';
  const add = (text) => {
    output += text;
  };
  child.stdout.setEncoding('utf8').on('data', add);
  child.stderr.setEncoding('utf8').on('data', add);
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 1, output: `npm cannot be started: ${error.message}\n` }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/**
 * Runs the task while no other process runs one. The lock is a folder that holds a file with its owner's name, for such a
 * folder is put in place, and taken away, in one step: by a rename, which fails where another one is.
 */
async function withLock(task) {
  const owner = randomUUID();
  const ours = folderOf(owner);
  mkdirSync(ours, { recursive: true });
  writeFileSync(join(ours, owner), `process ${process.pid}`);
  while (!takeLock(ours, owner)) {
    breakDeadLock();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const heartbeat = setInterval(() => orUndefined(() => touch(join(lock, owner))), 1000);
  try {
    return await task();
  } finally {
    clearInterval(heartbeat);
    canRename(lock, ours);
    rmSync(ours, { recursive: true });
  }
}

function takeLock(ours, owner) {
  touch(join(ours, owner));
  return canRename(ours, lock);
}

/**
 * Takes a lock away that its owner has not touched for long. Of two processes that saw the same one, only the first can
 * rename it so, and the second leaves the lock that has come in its place alone.
 */
function breakDeadLock() {
  const [owner] = orUndefined(() => readdirSync(lock)) ?? [];
  if (owner === undefined) return;
  const touchedAt = modifiedAt(join(lock, owner)) ?? Date.now();
  if (Date.now() - touchedAt > lockIsDeadAfterMs) canRename(lock, folderOf(owner));
}

function folderOf(owner) {
  return join(dataDir, `install-${owner}`);
}

function canRename(from, to) {
  return orUndefined(() => renameSync(from, to) ?? true) ?? false;
}

function touch(path) {
  const now = new Date();
  utimesSync(path, now, now);
}

function modifiedAt(path) {
  return orUndefined(() => statSync(path).mtimeMs);
}

function contentOf(path) {
  return orUndefined(() => readFileSync(path, 'utf8'));
}

function orUndefined(read) {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Not on standard output, which belongs to the script that is run next. */
function say(text) {
  process.stderr.write(text);
}
