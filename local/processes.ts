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

/** All processes of this machine; none elsewhere than on Linux. */
export function pidsFromProc(): number[] {
  if (!isLinux) return [];
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
  const stat = fileFromProc(pid, 'stat');
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** What proc(5) has of a process under a name; empty for one that has ended meanwhile, or that is another user's. */
export function fileFromProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
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
