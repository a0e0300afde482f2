import type { Clock } from './clock.ts';

/** What one container does. */
export interface Task {
  /** From the start of the container to its end. */
  readonly seconds: number;
  readonly onEnd: () => void;
}

export interface MachineOptions {
  /** Machines that there are at the most. */
  readonly most: number;
  /** Whether all of them run from the beginning, and are replaced when they are lost. Others start when there is work. */
  readonly warm: boolean;
  /** From the wish for a machine to its first container: start, and pull of the image. */
  readonly boot_s: number;
  /** From a job that may run to its container's start, on a machine that is free. */
  readonly dispatch_s: number;
  /** How long a machine that is not warm waits for more work before it goes. */
  readonly idle_s: number;
  /** Seconds for which a machine stays before it is lost, by its number; Infinity for one that is never. */
  readonly lifetime: (machine: number) => number;
}

interface Machine {
  readonly number: number;
  readonly wanted_at: number;
  /** The container that runs on it. */
  task: Task | undefined;
  /** When that began, or the one before it ended. */
  since: number;
  gone: boolean;
}

/** Machines of one kind, one container each, and the queue in which work waits for them: what AWS Batch does. */
export class Machines {
  /** Seconds for which containers ran, also those that were lost. */
  busySeconds = 0;
  losses = 0;
  readonly #clock: Clock;
  readonly #options: MachineOptions;
  readonly #waiting: Task[] = [];
  readonly #free: Machine[] = [];
  readonly #all: Machine[] = [];
  /** Those that boot among them. */
  #present = 0;
  #booting = 0;
  #goneSeconds = 0;

  constructor(clock: Clock, options: MachineOptions) {
    this.#clock = clock;
    this.#options = options;
    if (!options.warm) return;
    this.#present = options.most;
    for (let count = 0; count < options.most; count++) this.#arrive(0);
  }

  /** Queues a container, behind those that wait. */
  submit(task: Task): void {
    this.#clock.after(this.#options.dispatch_s, () => {
      this.#waiting.push(task);
      this.#assign();
    });
  }

  /** Seconds that are paid for, if every machine that is left waits in vain for more work from now on, and goes. */
  paidSeconds(): number {
    const left = this.#all.filter(({ gone }) => !gone);
    return left.reduce((sum, machine) => sum + this.#paidUntilItGoes(machine), this.#goneSeconds);
  }

  #paidUntilItGoes({ wanted_at, since }: Machine): number {
    return since + this.#options.idle_s - wanted_at;
  }

  #assign(): void {
    while (this.#free.length > 0 && this.#waiting.length > 0) {
      const [machine, task] = [this.#free.pop(), this.#waiting.shift()];
      if (machine && task) this.#run(machine, task);
    }
    while (this.#booting < this.#waiting.length && this.#present < this.#options.most) this.#boot();
  }

  #boot(): void {
    const wantedAt = this.#clock.now;
    this.#present++;
    this.#booting++;
    this.#clock.after(this.#options.boot_s, () => {
      this.#booting--;
      this.#arrive(wantedAt);
      this.#assign();
    });
  }

  #arrive(wanted_at: number): void {
    const number = this.#all.length;
    const machine = { number, wanted_at, task: undefined, since: this.#clock.now, gone: false };
    this.#all.push(machine);
    const lifetime = this.#options.lifetime(number);
    if (lifetime < Number.POSITIVE_INFINITY) this.#clock.after(lifetime, () => this.#lose(machine));
    this.#release(machine);
  }

  #run(machine: Machine, task: Task): void {
    machine.task = task;
    machine.since = this.#clock.now;
    this.#clock.after(task.seconds, () => {
      // It was lost meanwhile.
      if (machine.gone) return;
      this.busySeconds += this.#clock.now - machine.since;
      machine.task = undefined;
      machine.since = this.#clock.now;
      this.#release(machine);
      this.#assign();
      task.onEnd();
    });
  }

  #release(machine: Machine): void {
    this.#free.push(machine);
    if (this.#options.warm) return;
    const { since } = machine;
    this.#clock.after(this.#options.idle_s, () => {
      if (machine.gone || machine.task !== undefined || machine.since !== since) return;
      this.#goneSeconds += this.#paidUntilItGoes(machine);
      this.#remove(machine);
    });
  }

  /** Its container starts again on another machine. */
  #lose(machine: Machine): void {
    if (machine.gone) return;
    this.losses++;
    this.#goneSeconds += this.#clock.now - machine.wanted_at;
    this.#remove(machine);
    if (machine.task !== undefined) {
      this.busySeconds += this.#clock.now - machine.since;
      this.submit(machine.task);
    }
    if (this.#options.warm) this.#boot();
  }

  #remove(machine: Machine): void {
    machine.gone = true;
    this.#present--;
    const index = this.#free.indexOf(machine);
    if (index >= 0) this.#free.splice(index, 1);
  }
}
