import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { ENDPOINTS_FILE, type Endpoints, endpointsSchema } from '../endpoints.ts';

/** As scripts/build.mjs makes it, from the repository's folder. */
const PROGRAM = '.build/local.mjs';

const START_LIMIT_MS = 60_000;
const POLL_MS = 50;

/** The service as `npm start` runs it, in a process of its own. */
export class ServiceProcess {
  readonly endpoints: Endpoints;
  readonly #child: ChildProcess;

  private constructor(endpoints: Endpoints, child: ChildProcess) {
    this.endpoints = endpoints;
    this.#child = child;
  }

  /**
   * Resolves when the service is ready.
   *
   * @param folder that keeps its data
   * @param environment variables beside this process's own
   */
  static async start(folder: string, environment: NodeJS.ProcessEnv = {}): Promise<ServiceProcess> {
    mkdirSync(folder, { recursive: true });
    const log = openSync(join(folder, 'service.log'), 'a');
    const child = spawn(
      process.execPath,
      ['--max-semi-space-size=2', PROGRAM, '--port', '0', '--data', folder],
      { env: { ...process.env, ...environment }, stdio: ['ignore', log, log] },
    );
    // Whoever ends this program does not want to have it left.
    const kill = () => child.kill('SIGTERM');
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    const file = join(folder, ENDPOINTS_FILE);
    const until = Date.now() + START_LIMIT_MS;
    for (;;) {
      const content: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
      if (v.is(endpointsSchema, content) && content.pid === child.pid)
        return new ServiceProcess(content, child);
      if (child.exitCode !== null || Date.now() > until) {
        child.kill('SIGKILL');
        throw new Error(`The service did not start: see ${folder}/service.log.`);
      }
      await delay(POLL_MS);
    }
  }

  get pid(): number {
    return this.endpoints.pid;
  }

  /** Ends the service as Ctrl-C does. */
  async stop(): Promise<void> {
    const gone = this.#child.exitCode === null ? once(this.#child, 'exit') : undefined;
    this.#child.kill('SIGINT');
    await gone;
  }
}
