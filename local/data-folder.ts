import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { identityOf, isRunning } from './batch/process-group.ts';

const settingsSchema = v.object({
  access_key_id: v.string(),
  secret_access_key: v.string(),
  /** With which callbacks are signed. */
  webhook_secret: v.string(),
  /** Where the services listened last, so that URLs which jobs hold stay valid over a restart. */
  ports: v.record(v.string(), v.number()),
});

/** What a data folder keeps between runs beside the services' own data. */
export type Settings = v.InferOutput<typeof settingsSchema>;

const lockSchema = v.object({ pid: v.number(), startTime: v.string() });

/** The folder in which a local service keeps everything. One service uses it at a time. */
export class DataFolder {
  readonly path: string;

  /** @throws Error when another service uses the folder */
  constructor(path: string) {
    this.path = resolve(path);
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    this.#lock();
  }

  /** A part of the folder. */
  sub(name: string): string {
    return join(this.path, name);
  }

  /** The settings of earlier runs, or new ones. */
  settings(): Settings {
    const path = this.sub('settings.json');
    if (existsSync(path)) return v.parse(settingsSchema, JSON.parse(readFileSync(path, 'utf8')));
    return {
      access_key_id: `OCTET${randomBytes(8).toString('hex').toUpperCase()}`,
      secret_access_key: randomBytes(30).toString('base64url'),
      webhook_secret: `whsec_${randomBytes(32).toString('base64')}`,
      ports: {},
    };
  }

  save(settings: Settings): void {
    this.writeFile('settings.json', settings);
  }

  /** Writes a file that its owner alone may read, in one step, so that after a loss of power it is as before or as wanted. */
  writeFile(name: string, content: object): void {
    const path = this.sub(name);
    writeFileSync(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flush: true });
    renameSync(`${path}.new`, path);
  }

  removeFile(name: string): void {
    rmSync(this.sub(name), { force: true });
  }

  /** Lets another service use the folder. */
  release(): void {
    this.removeFile('lock');
  }

  #lock(): void {
    const path = this.sub('lock');
    const holder = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
    if (v.is(lockSchema, holder) && isRunning(holder)) {
      throw new Error(
        `${this.path} is used by another Octet (process ${holder.pid}): stop it, or give another folder with --data.`,
      );
    }
    this.writeFile('lock', identityOf(process.pid));
  }
}
