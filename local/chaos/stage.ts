import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killLeftWorkers } from '../batch/take-over.ts';
import { findFfmpeg } from '../ffmpeg.ts';
import { makeClips } from './clips.ts';
import { FaultPlan } from './faults.ts';
import { type Inputs, startInputs } from './inputs.ts';
import type { ChaosOptions } from './options.ts';
import { Proxies } from './proxies.ts';
import { Receivers } from './receivers.ts';
import { ServiceProcess } from './service-process.ts';
import { Workers } from './workers.ts';

/** The service, and all that stands around it. */
export interface Stage {
  /** A new one, in which the service keeps everything. */
  readonly folder: string;
  readonly service: ServiceProcess;
  readonly proxies: Proxies;
  readonly workers: Workers;
  readonly inputs: Inputs;
  readonly receivers: Receivers;
  /** Ends the faults. */
  calm(): void;
  /** Ends all of it. @param options.keep leaves the folder */
  close(options: { readonly keep: boolean }): Promise<void>;
}

/** @param program this program, which is the service's too */
export async function setStage({ seed, jobs }: ChaosOptions, program: string): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'octet-chaos-'));
  const clips = await makeClips(findFfmpeg({ ...process.env }), folder);
  const workers = new Workers(folder);
  const receivers = new Receivers();
  const proxies = new Proxies(new FaultPlan(seed, jobs), (fault, call) => {
    if (fault.victim === 'service') service.killAndStart();
    else workers.kill(fault.signal, call);
  });
  const [urls, inputs] = await Promise.all([proxies.listen(), startInputs(clips), receivers.listen()]);
  const onServer = (name: string, url: string) => proxies.setTarget(name, url);
  const service = new ServiceProcess({ data: folder, seed, proxies: urls, program, onServer });
  return {
    ...{ folder, service, proxies, workers, inputs, receivers },
    calm() {
      proxies.calm();
      service.calm();
    },
    async close({ keep }) {
      await service.stop();
      // Of a service that was killed and could not be started again.
      await killLeftWorkers(join(folder, 'batch'));
      await Promise.all([proxies.close(), inputs.close(), receivers.close()]);
      if (!keep) await rm(folder, { recursive: true, force: true });
    },
  };
}
