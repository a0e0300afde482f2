import { type ChildProcess, spawn } from 'node:child_process';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import * as v from 'valibot';
import { expect, vi } from 'vitest';
import type { JobResource } from '../../../domain/job/job-resource.ts';
import { hasEnded } from '../../../domain/job/job-state.ts';
import { ENDPOINTS_FILE, type Endpoints, endpointsSchema } from '../../../local/endpoints.ts';

/** An answer of the API. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every form
  readonly body: any;
}

export interface ServiceOptions {
  /** @default a new folder, which `stop` removes */
  readonly dataDir?: string;
  /** Variables beside the test's own. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** The service as `npm start` runs it, in a process of its own. */
export class Service {
  readonly dataDir: string;
  readonly endpoints: Endpoints;
  readonly s3: S3Client;
  readonly #process: ChildProcess;
  readonly #output: string[];

  private constructor(dataDir: string, endpoints: Endpoints, child: ChildProcess, output: string[]) {
    this.dataDir = dataDir;
    this.endpoints = endpoints;
    this.#process = child;
    this.#output = output;
    this.s3 = new S3Client({
      endpoint: endpoints.s3,
      region: 'us-east-1',
      credentials: {
        accessKeyId: endpoints.access_key_id,
        secretAccessKey: endpoints.secret_access_key,
      },
      requestChecksumCalculation: 'WHEN_REQUIRED',
    });
  }

  /** Resolves when the service is ready. */
  static async start({ dataDir, environment = {} }: ServiceOptions = {}): Promise<Service> {
    const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'octet-service-'));
    const flags = ['--max-semi-space-size=2', '.build/local.mjs', '--port', '0', '--data', folder];
    const child = spawn(process.execPath, flags, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => output.push(String(data)));
    const file = join(folder, ENDPOINTS_FILE);
    await waitFor(() => {
      if (child.exitCode !== null) throw new Error(`The service ended: ${output.join('')}`);
      const { pid } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { pid: undefined };
      expect(pid).toBe(child.pid);
    });
    const endpoints = v.parse(endpointsSchema, JSON.parse(readFileSync(file, 'utf8')));
    return new Service(folder, endpoints, child, output);
  }

  /** All that the service has printed. */
  get output(): string {
    return this.#output.join('');
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(this.endpoints.api + path, {
      method,
      headers,
      ...(body !== undefined && { body: text }),
    });
    return { status: response.status, body: await response.json() };
  }

  /** Uploads a file. @returns a URL from which the service may read it for an hour */
  async publish(path: string, key = basename(path)): Promise<string> {
    const { bucket } = this.endpoints;
    await new Upload({
      client: this.s3,
      params: { Bucket: bucket, Key: key, Body: createReadStream(path) },
    }).done();
    return getSignedUrl(this.s3, new GetObjectCommand({ Bucket: bucket, Key: key }), { expiresIn: 3600 });
  }

  /** Downloads an output. @returns the path of a file that goes with the service's folder */
  async download(key: string): Promise<string> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.endpoints.bucket, Key: key }));
    const path = join(this.dataDir, 'downloads', key);
    mkdirSync(dirname(path), { recursive: true });
    await pipeline(Body as Readable, createWriteStream(path));
    return path;
  }

  /** A destination in the service's own bucket. */
  destination(): { provider: string; region: string; bucket: string; creds: object } {
    const { bucket, access_key_id, secret_access_key } = this.endpoints;
    return { provider: 's3', region: 'us-east-1', bucket, creds: { access_key_id, secret_access_key } };
  }

  /** Creates a job, which must be accepted. @returns its id */
  async create(job: object): Promise<string> {
    const answer = await this.call('POST', '/v0/jobs/create', { destination: this.destination(), ...job });
    expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 });
    return answer.body.job_id;
  }

  async job(jobId: string): Promise<JobResource> {
    const answer = await this.call('GET', `/v0/jobs/${jobId}`);
    expect(answer.status).toBe(200);
    return answer.body;
  }

  /** Waits until a job has ended. @param timeout milliseconds */
  async ended(jobId: string, timeout = 120_000): Promise<JobResource> {
    return waitFor(async () => {
      const job = await this.job(jobId);
      expect(hasEnded(job.status)).toBe(true);
      return job;
    }, timeout);
  }

  /** Waits until a job is complete. */
  async completed(jobId: string, timeout?: number): Promise<JobResource> {
    const job = await this.ended(jobId, timeout);
    expect(job, JSON.stringify(job.error)).toMatchObject({ status: 'complete' });
    return job;
  }

  /** Kills the service alone; its workers go on. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended();
    this.s3.destroy();
  }

  /** Ends the service as Ctrl-C does, and removes its folder. */
  async stop({ keepData = false } = {}): Promise<void> {
    this.s3.destroy();
    this.#process.kill('SIGINT');
    await this.#ended();
    if (!keepData) rmSync(this.dataDir, { recursive: true, force: true });
  }

  async #ended(): Promise<void> {
    await waitFor(() => expect(this.#process.exitCode ?? this.#process.signalCode).not.toBeNull());
  }
}

export function waitFor<T>(condition: () => T | Promise<T>, timeout = 60_000): Promise<T> {
  return vi.waitFor(condition, { timeout, interval: 50 });
}
