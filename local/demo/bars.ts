import type { JobResource } from '../../domain/job/job-resource.ts';

const WIDTH = 30;

/** What a rendition's bar says about the job's state. */
const WORDS: Readonly<Record<JobResource['status'], string>> = {
  created: 'queued',
  encode_in_progress: 'encoding',
  encode_complete: 'verifying',
  packaging_in_progress: 'uploading',
  complete: 'done',
  error: 'failed',
};

/** One line for each rendition: its name, how far it is, and what happens to it. */
export function bars(job: JobResource): string[] {
  const names = job.outputs.map(({ dest_path }) => dest_path);
  const longest = Math.max(...names.map(({ length }) => length));
  return job.outputs.map(({ dest_path, status }) => {
    const done = status === 'complete' ? 1 : fractionOf(job);
    const filled = Math.round(done * WIDTH);
    const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
    return `  ${dest_path.padEnd(longest)}  ${bar} ${String(Math.round(done * 100)).padStart(3)}%  ${WORDS[status]}`;
  });
}

/** Encoding is nine tenths of a job, and packaging the rest. */
function fractionOf(job: JobResource): number {
  return 0.9 * job.encode_completion_pct + 0.1 * job.packaging_completion_pct;
}

/** Writes lines over those that it wrote before, on a terminal; elsewhere those whose last word has changed. */
export class LiveLines {
  readonly #out: NodeJS.WriteStream;
  #lines: readonly string[] = [];

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  show(lines: readonly string[]): void {
    const isNews = (line: string, index: number) => lastWord(line) !== lastWord(this.#lines[index]);
    if (!this.#out.isTTY) {
      for (const line of lines.filter(isNews)) this.#out.write(`${line}\n`);
    } else if (lines.join() !== this.#lines.join()) {
      if (this.#lines.length > 0) {
        this.#out.moveCursor(0, -this.#lines.length);
        this.#out.clearScreenDown();
      }
      this.#out.write(`${lines.join('\n')}\n`);
    }
    this.#lines = lines;
  }
}

function lastWord(line = ''): string | undefined {
  return line.split(' ').at(-1);
}
