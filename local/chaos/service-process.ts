import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import {
  CALM,
  SERVICE_ARGUMENT,
  type ServiceMessage,
  type ServiceOptions,
  serviceMessageSchema,
} from './service.ts';

/** Where the service is, and what it told of itself. */
export type Ready = Extract<ServiceMessage, { api: string }>;

export interface ServiceProcessOptions extends Pick<ServiceOptions, 'data' | 'seed' | 'proxies'> {
  readonly program: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Told where a service itself listens. */
  readonly onServer: (service: string, url: string) => void;
}

/** Of a start in the midst of faults, which may be too much for it. */
const START_ATTEMPTS = 10;

/** After which a start has failed, as one that waits for an answer that never comes. */
const START_LIMIT_MS = 40_000;

/** Longer than workers have to end. */
const STOP_LIMIT_MS = 40_000;

/** The service in a process of its own. */
export class ServiceProcess {
  readonly #options: ServiceProcessOptions;
  readonly #log: number;
  #child: ChildProcess | undefined;
  #starts = 0;
  #port = 0;
  #ready: Promise<Ready> = Promise.reject(new Error('The service was not started.'));
  #isCalm = false;
  #isRestarting = false;
  /** Whether it is not to be started again. */
  #isStopped = false;
  /** Whether its end is wanted. */
  #mayEnd = false;
  /** How often it was killed. */
  kills = 0;

  constructor(options: ServiceProcessOptions) {
    this.#options = options;
    this.#log = openSync(join(options.data, 'service.log'), 'a');
    this.#ready.catch(() => {});
  }

  /** Resolves when the service is there, after a restart too. */
  get ready(): Promise<Ready> {
    return this.#ready;
  }

  start(): Promise<Ready> {
    this.#ready = this.#start();
    this.#ready.catch(() => {});
    return this.#ready;
  }

  /** Kills the service alone, whose workers go on until its next start, which follows. @returns when it is there again */
  killAndStart(): Promise<Ready> {
    if (this.#isRestarting) return this.#ready;
    this.#isRestarting = true;
    this.kills += 1;
    this.#mayEnd = true;
    const gone = this.#ended();
    this.#child?.kill('SIGKILL');
    this.#ready = gone.then(() => this.#start());
    this.#ready.then(
      () => {
        this.#isRestarting = false;
      },
      () => {},
    );
    return this.#ready;
  }

  calm(): void {
    this.#isCalm = true;
    if (this.#child?.connected) this.#child.send(CALM);
  }

  /** Ends the service as Ctrl-C does. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#mayEnd = true;
    const gone = this.#ended();
    this.#child?.kill('SIGTERM');
    const late = setTimeout(() => this.#child?.kill('SIGKILL'), STOP_LIMIT_MS);
    await gone;
    clearTimeout(late);
  }

  async #start(): Promise<Ready> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#startOnce();
      } catch (error) {
        if (attempt === START_ATTEMPTS || this.#isStopped) throw error;
        // Another program may have taken the port meanwhile.
        if (attempt > 3) this.#port = 0;
      }
    }
  }

  async #startOnce(): Promise<Ready> {
    const { data, seed, environment, proxies, program, onServer } = this.#options;
    if (this.#isStopped) throw new Error('The service was stopped.');
    const child = fork(program, [SERVICE_ARGUMENT], {
      // By its folder's name whatever it starts can be found.
      env: { ...process.env, ...environment, OCTET_CHAOS_FOLDER: data },
      execArgv: ['--max-semi-space-size=2'],
      stdio: ['ignore', this.#log, this.#log, 'ipc'],
    });
    this.#child = child;
    const options: ServiceOptions = { data, seed, proxies, port: this.#port, start: this.#starts++ };
    child.send(options);
    const late = setTimeout(() => child.kill('SIGKILL'), START_LIMIT_MS);
    const ready = await new Promise<Ready>((resolve, reject) => {
      child.once('exit', (code) =>
        reject(new Error(`The service ended with ${code}; see ${data}/service.log.`)),
      );
      child.on('message', (content) => {
        const message = v.parse(serviceMessageSchema, content);
        if ('service' in message) onServer(message.service, message.url);
        else resolve(message);
      });
    }).finally(() => clearTimeout(late));
    child.once('exit', (code) => {
      if (this.#mayEnd) return;
      const death = new Error(`The service ended by itself, with ${code}; see ${data}/service.log.`);
      this.#ready = Promise.reject(death);
      this.#ready.catch(() => {});
    });
    this.#mayEnd = false;
    this.#port = Number(new URL(ready.api).port);
    if (this.#isCalm) child.send(CALM);
    return ready;
  }

  async #ended(): Promise<void> {
    const child = this.#child;
    if (child !== undefined && child.exitCode === null && child.signalCode === null)
      await once(child, 'exit');
  }
}
