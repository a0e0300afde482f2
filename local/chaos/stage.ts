import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killLeftWorkers } from '../batch/take-over.ts';
import { findFfmpeg } from '../ffmpeg.ts';
import { makeClips } from './clips.ts';
import { type Inputs, startInputs } from './inputs.ts';
import { Proxies, type Torment } from './proxies.ts';
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

export interface StageOptions {
  readonly torment: Torment;
  /** Of the fates of events. */
  readonly seed: number;
  /** Of the service, beside this process's own. */
  readonly environment?: NodeJS.ProcessEnv;
  /** The program of `npm run chaos`, which is the service's too. */
  readonly program: string;
}

export async function setStage({ torment, seed, environment = {}, program }: StageOptions): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'octet-chaos-'));
  const clips = await makeClips(findFfmpeg({ ...process.env }), folder);
  const workers = new Workers(folder);
  const receivers = new Receivers();
  const proxies = new Proxies(torment, (fault, call) => {
    if (fault.victim === 'service') void service.killAndStart();
    else workers.kill(fault.signal, call);
  });
  const [urls, inputs] = await Promise.all([proxies.listen(), startInputs(clips), receivers.listen()]);
  const onServer = (name: string, url: string) => proxies.setTarget(name, url);
  const service = new ServiceProcess({ data: folder, seed, environment, proxies: urls, program, onServer });
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
