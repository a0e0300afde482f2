import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export const isLinux = process.platform === 'linux';

/** All processes of this machine, by who has started them. */
export function processesByParent(): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const [pid, parent] of isLinux ? parentsFromProc() : parentsFromPs())
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  return children;
}

function parentsFromProc(): [number, number][] {
  return pidsFromProc().map((pid) => [pid, Number(statOf(pid)[1])]);
}

function parentsFromPs(): [number, number][] {
  const { stdout } = spawnSync('ps', ['-axo', 'pid=,ppid='], { encoding: 'utf8' });
  return [...stdout.matchAll(/(\d+) +(\d+)/g)].map(([, pid, parent]) => [Number(pid), Number(parent)]);
}

/** Linux alone tells so. */
export function pidsFromProc(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/**
 * Fields of proc_pid_stat(5) from the third, the state, on: the second is a name in brackets that may hold anything.
 *
 * @returns none when there is no such process
 */
export function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

/** @returns false when nobody is there to hear it */
export function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
