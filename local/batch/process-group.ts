import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isLinux, pidsFromProc, signal, statOf } from '../processes.ts';

/** A worker that leads its own process group, told from a later process that got its number by when it started. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
}

/** @param pid of a process that runs; when its start cannot be told, no later process is taken for it */
export function identityOf(pid: number): ProcessIdentity {
  return { pid, startTime: startTimeOf(pid) ?? 'unknown' };
}

/** Kills every process of the group that is left. */
export function killGroup(pid: number): void {
  signal(-pid, 'SIGKILL');
}

/** Asks the group's leader to end, as stopping a container asks its first process alone. */
export function terminateLeader(pid: number): void {
  signal(pid, 'SIGTERM');
}

/**
 * Kills what is left of the group of a worker that an earlier run of this program started, and waits until it is gone.
 *
 * @returns whether there was anything to kill
 */
export async function killOrphans(worker: ProcessIdentity): Promise<boolean> {
  if (!isStillOurs(worker) || !hasLiveMembers(worker.pid)) return false;
  await endGroup(worker.pid);
  return true;
}

/** Kills every process of the group that is left, and waits until they are gone, for five seconds at most. */
export async function endGroup(pid: number): Promise<void> {
  killGroup(pid);
  for (let wait = 0; wait < 250 && hasLiveMembers(pid); wait++) await delay(20);
}

/**
 * No process gets the number of a group that still has members, so without its leader the group is ours too, as long as
 * the machine has not been started anew: Linux tells that, elsewhere the leader must be there.
 */
function isStillOurs(worker: ProcessIdentity): boolean {
  const startTime = startTimeOf(worker.pid);
  if (startTime !== undefined) return startTime === worker.startTime;
  return isLinux && worker.startTime.startsWith(bootId());
}

/** @returns undefined when there is no such process */
function startTimeOf(pid: number): string | undefined {
  return isLinux ? startTimeFromProc(pid) : startTimeFromPs(pid);
}

function startTimeFromProc(pid: number): string | undefined {
  const ticks = statOf(pid)[19];
  return ticks === undefined ? undefined : `${bootId()} ${ticks}`;
}

/** On Linux, without those that are dead and wait for a parent that may never ask, as in a container without init. */
function hasLiveMembers(group: number): boolean {
  if (!isLinux || !signal(-group, 0)) return signal(-group, 0);
  return pidsFromProc().some((pid) => {
    const [state, , itsGroup] = statOf(pid);
    return itsGroup === String(group) && state !== 'Z';
  });
}

/** Ticks are counted from the machine's start. */
function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

function startTimeFromPs(pid: number): string | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() || undefined;
}

/** Whether the process itself still runs, and not another that got its number. */
export function isRunning({ pid, startTime }: ProcessIdentity): boolean {
  return startTimeOf(pid) === startTime;
}
