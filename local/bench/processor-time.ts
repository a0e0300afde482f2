import { isLinux, statOf } from '../processes.ts';

/** Clock ticks in a second, which Linux fixes for programs: https://man7.org/linux/man-pages/man7/time.7.html */
const TICKS_PER_SECOND = 100;

/**
 * Seconds of processor time that the ended children of a process have used, with their own children.
 *
 * @returns undefined where the system does not tell, which Linux alone does
 */
export function childrenCpuSeconds(pid: number): number | undefined {
  if (!isLinux) return undefined;
  const [user, system] = statOf(pid).slice(13, 15);
  return (Number(user) + Number(system)) / TICKS_PER_SECOND;
}
