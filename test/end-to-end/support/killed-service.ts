import { resolve } from 'node:path';
import { expect } from 'vitest';
import type { JobRecord } from '../../../domain/job/job-record.ts';
import { Bucket } from '../../../local/chaos/bucket.ts';
import { checkJobs, tagOf } from '../../../local/chaos/check-jobs.ts';
import { checkFiles, checkPieces, checkProcesses, checkRemains } from '../../../local/chaos/check-remains.ts';
import { Client } from '../../../local/chaos/client.ts';
import { Findings } from '../../../local/chaos/findings.ts';
import type { Call } from '../../../local/chaos/forward.ts';
import type { JobSpec } from '../../../local/chaos/job-specs.ts';
import { type Posted, postJobs } from '../../../local/chaos/post-jobs.ts';
import { type Stage, setStage } from '../../../local/chaos/stage.ts';
import { EndedJobs, isSettled, storedJobs } from '../../../local/chaos/stored-jobs.ts';
import { NAMES } from '../../../local/resources.ts';
import { Killer, type Moment } from './killer.ts';
import { waitFor } from './service.ts';

export type Victim = 'the service' | 'a worker';

const PLAIN: JobSpec = {
  index: 0,
  input: 'whole',
  outputs: 1,
  receiver: 'fail',
  refusals: 0,
  isSentTwice: false,
  cancelAfterMs: undefined,
};

/** A service whose processes are killed at certain moments. All the rest of its world is well. */
export class KilledService {
  readonly #stage: Stage;
  readonly #killer: Killer;
  #count = 0;

  private constructor(stage: Stage, killer: Killer) {
    this.#stage = stage;
    this.#killer = killer;
  }

  /** @param environment of the service, beside this process's own */
  static async start(environment: NodeJS.ProcessEnv = {}): Promise<KilledService> {
    const killer = new Killer();
    const program = resolve('.build/chaos.mjs');
    const oneByOne = { OCTET_LOCAL_WORKERS: '1', ...environment };
    const stage = await setStage({ torment: killer, seed: 0, environment: oneByOne, program });
    const { webhook_secret } = await stage.service.start();
    stage.receivers.secret = webhook_secret;
    stage.service.calm();
    return new KilledService(stage, killer);
  }

  /**
   * Has a job made while somebody is killed, and waits until it is settled. It must have ended right and once, and leave
   * nothing.
   *
   * @param words what is special about the job
   */
  async endOfJob(victim: Victim, moment: Moment, words: Partial<JobSpec> = {}): Promise<JobRecord> {
    const spec: JobSpec = { ...PLAIN, index: this.#count++, ...words };
    const posted: Posted = { accepted: [], asked: new Map(), cancelled: new Set() };
    const { service, inputs, receivers } = this.#stage;
    const signal = AbortSignal.timeout(60_000);
    const killed = this.#killer.at(moment, (call) => this.#kill(victim, call));
    await postJobs([spec], new Client({ service, inputs, receivers, signal }), posted, signal);
    await killed;
    const ended = new EndedJobs();
    const job = await waitFor(async () => {
      const jobs = await this.#jobs();
      ended.note(jobs);
      const ours = jobs.filter((each) => posted.asked.has(tagOf(each)));
      expect(ours.map(isSettled)).toEqual([true]);
      expect(this.#stage.workers.live()).toEqual([]);
      return ours[0] as JobRecord;
    });
    expect(await this.#findings(job, posted, ended)).toEqual([]);
    return job;
  }

  /** Ends the service. Nothing of it may run any more. */
  async close(): Promise<void> {
    await this.#stage.close({ keep: false });
    const findings = new Findings();
    checkProcesses(this.#stage.workers, findings);
    expect(findings.lines).toEqual([]);
  }

  async #kill(victim: Victim, call: Call): Promise<void> {
    const { service, workers } = this.#stage;
    if (victim === 'the service') await service.killAndStart();
    else {
      const { kills } = workers;
      workers.kill('SIGKILL', call);
      expect(workers.kills).toBe(kills + 1);
    }
  }

  async #jobs(): Promise<JobRecord[]> {
    return storedJobs(await this.#stage.proxies.targetOf('dynamodb'));
  }

  async #findings(job: JobRecord, posted: Posted, ended: EndedJobs): Promise<readonly string[]> {
    const { folder, workers, proxies, receivers, service } = this.#stage;
    const findings = new Findings();
    checkJobs({ posted, stored: [job], proxies, ended, receivers }, findings);
    checkRemains(folder, workers, [job], findings);
    const [endpoint, { creds }] = await Promise.all([proxies.targetOf('s3'), service.ready]);
    const bucket = new Bucket(NAMES.bucket, endpoint, creds);
    const scratch = new Bucket(NAMES.scratchBucket, endpoint, creds);
    // The files of other jobs are there, too.
    await checkFiles(bucket, await this.#jobs(), findings);
    await checkPieces(scratch, workers, [job], findings);
    bucket.close();
    scratch.close();
    return findings.lines;
  }
}
