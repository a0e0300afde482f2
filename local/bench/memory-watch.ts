import { execFileSync } from 'node:child_process';
import { fileFromProc, isLinux, pidsFromProc } from '../processes.ts';

interface ProcessMemory {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  readonly megabytes: number;
}

/** The largest amount of memory that each of some processes had, in MB, by what their command lines contain. */
export class MemoryWatch {
  readonly #patterns: readonly string[];
  readonly #family: number | undefined;
  readonly #peaks = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;

  /** @param family leaves out all but this process and its children. @default nobody is left out */
  constructor(patterns: readonly string[], family?: number) {
    this.#patterns = patterns;
    this.#family = family;
    this.#timer = setInterval(() => this.#look(), 100);
  }

  /** @returns the peaks by pattern */
  stop(): Record<string, number> {
    clearInterval(this.#timer);
    return Object.fromEntries(this.#peaks);
  }

  #look(): void {
    for (const { pid, parent, command, megabytes } of processes()) {
      if (this.#family !== undefined && pid !== this.#family && parent !== this.#family) continue;
      const pattern = this.#patterns.find((each) => command.includes(each));
      if (pattern !== undefined) {
        this.#peaks.set(pattern, Math.max(megabytes, this.#peaks.get(pattern) ?? 0));
      }
    }
  }
}

function processes(): ProcessMemory[] {
  return isLinux ? fromProc() : fromPs();
}

/** Linux counts the peak itself, so nothing is missed between two looks; and a small system has no ps. */
function fromProc(): ProcessMemory[] {
  return pidsFromProc().map((pid) => {
    const status = fileFromProc(pid, 'status');
    return {
      pid,
      parent: Number(/PPid:\s+(\d+)/.exec(status)?.[1]),
      command: fileFromProc(pid, 'cmdline'),
      megabytes: Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024,
    };
  });
}

function fromPs(): ProcessMemory[] {
  const lines = execFileSync('ps', ['-axo', 'pid=,ppid=,rss=,command='], { encoding: 'utf8' }).split('\n');
  return lines.map((line) => {
    const [, pid, parent, kilobytes, command = ''] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return { pid: Number(pid), parent: Number(parent), command, megabytes: Number(kilobytes) / 1024 };
  });
}
