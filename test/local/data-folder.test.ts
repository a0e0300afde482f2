import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { identityOf } from '../../local/batch/process-group.ts';
import { DataFolder } from '../../local/data-folder.ts';

let path: string;
let other: ChildProcess | undefined;

beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'octet-data-')), 'deep', 'data');
});
afterEach(() => {
  other?.kill('SIGKILL');
  other = undefined;
  rmSync(join(path, '../..'), { recursive: true });
});

const modeOf = (file: string) => statSync(file).mode & 0o777;

it('is made with keys of its own, which it keeps', () => {
  const folder = new DataFolder(path);
  const settings = folder.settings();
  expect(settings.webhook_secret).toMatch(/^whsec_/);
  folder.save({ ...settings, ports: { s3: 7 } });
  folder.release();
  expect(new DataFolder(path).settings()).toEqual({ ...settings, ports: { s3: 7 } });
  expect(new DataFolder(`${path}-2`).settings().secret_access_key).not.toBe(settings.secret_access_key);
});

it('is for the eyes of its owner alone', () => {
  const folder = new DataFolder(path);
  folder.save(folder.settings());
  expect([modeOf(path), modeOf(folder.sub('settings.json'))]).toEqual([0o700, 0o600]);
});

it('writes files in one step and removes them', () => {
  const folder = new DataFolder(path);
  folder.writeFile('endpoints.json', { pid: 7 });
  expect(JSON.parse(readFileSync(folder.sub('endpoints.json'), 'utf8'))).toEqual({ pid: 7 });
  expect(readdirSync(path).filter((name) => name.endsWith('.new'))).toEqual([]);
  folder.removeFile('endpoints.json');
  folder.removeFile('never-there.json');
  expect(existsSync(folder.sub('endpoints.json'))).toBe(false);
});

it('is used by one service at a time', () => {
  other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const { pid = 0 } = other;
  new DataFolder(path).writeFile('lock', identityOf(pid));
  expect(() => new DataFolder(path)).toThrow(
    `${path} is used by another Octet (process ${pid}): stop it, or give another folder with --data.`,
  );
});

it.each([
  ['a process that has ended', { pid: 2 ** 22 + 1, startTime: '1' }],
  ['a process whose number another has now', { ...identityOf(process.pid), startTime: '1' }],
])('is taken over from %s', (_, lock) => {
  new DataFolder(path).writeFile('lock', lock);
  expect(JSON.parse(readFileSync(new DataFolder(path).sub('lock'), 'utf8')).pid).toBe(process.pid);
});
