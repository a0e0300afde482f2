import { readFileSync } from 'node:fs';

/** Clock ticks in a second, which Linux fixes for programs: https://man7.org/linux/man-pages/man7/time.7.html */
const TICKS_PER_SECOND = 100;

/**
 * Seconds of processor time that the ended children of a process have used, with their own children.
 *
 * @returns undefined where the system does not tell, which Linux alone does
 */
export function childrenCpuSeconds(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // From the third field on, since the second may hold anything: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [fields[13], fields[14]];
  return (Number(user) + Number(system)) / TICKS_PER_SECOND;
}
