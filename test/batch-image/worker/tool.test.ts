import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HostUnfitError } from '../../../batch-image/worker/host-unfit-error.ts';
import { runTool, ToolError, type ToolOptions } from '../../../batch-image/worker/tool.ts';
import { isAlive } from '../../local/batch/harness.ts';

const neverAborted = new AbortController().signal;

/** Runs code in a process of its own. */
function run(code: string, options: Partial<ToolOptions> = {}) {
  return runTool(process.execPath, ['-e', code], { environment: {}, signal: neverAborted, ...options });
}

describe('a program that ends well', () => {
  it('gives what it printed, and its warnings', async () => {
    const code = "console.log('one\\ntwo'); console.error('careful\\nreally'); process.stdout.write('three')";
    expect(await run(code)).toEqual({ stdout: 'one\ntwo\nthree', warnings: ['careful', 'really'] });
  });

  it('gives each line to who wants to hear it, the last one too', async () => {
    const lines: string[] = [];
    const code = "process.stdout.write('a=1\\r\\nb='); setTimeout(() => process.stdout.write('2\\nc=3'), 20)";
    const { stdout } = await run(code, { onLine: (line) => lines.push(line) });
    expect(lines).toEqual(['a=1', 'b=2', 'c=3']);
    expect(stdout).toBe('');
  });

  it('may print more than a pipe holds', async () => {
    const code =
      "const line = 'x'.repeat(99) + '\\n'; for (let n = 0; n < 5000; n++) process.stdout.write(line)";
    expect((await run(code)).stdout).toHaveLength(5000 * 100 - 1);
  });

  it('has all of its output waited for, though its end be known before', async () => {
    const late = "setTimeout(() => console.log('late'), 50)";
    const code = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(late)}], { stdio: 'inherit' }).unref()`;
    expect((await run(code)).stdout).toBe('late');
  });

  it('has its last 50 lines of warnings kept', async () => {
    const { warnings } = await run('for (let n = 1; n <= 120; n++) console.error(n)');
    expect(warnings).toEqual(Array.from({ length: 50 }, (_, index) => String(index + 71)));
  });

  it('is told the environment and no more, and has nothing to read', async () => {
    const code = `
      const { __CF_USER_TEXT_ENCODING, ...environment } = process.env;
      process.stdin.on('data', () => {}).on('end', () => console.log(JSON.stringify(environment)))`;
    expect(JSON.parse((await run(code, { environment: { LANG: 'C' } })).stdout)).toEqual({ LANG: 'C' });
  });
});

describe('a program that fails', () => {
  it('is told with its exit code and its last words', async () => {
    const failed = run("console.error('one\\ntwo\\nthree\\nfour'); process.exitCode = 3");
    await expect(failed).rejects.toBeInstanceOf(ToolError);
    await expect(failed).rejects.toMatchObject({
      exitCode: 3,
      lines: ['one', 'two', 'three', 'four'],
      message: `${process.execPath} ended with 3: two / three / four`,
    });
  });

  it('by a signal has no exit code', async () => {
    const failed = run("console.error('one'); process.kill(process.pid, 'SIGSEGV')");
    await expect(failed).rejects.toBeInstanceOf(ToolError);
    await expect(failed).rejects.toMatchObject({ exitCode: undefined, message: /ended with a signal/ });
  });

  it('because it was killed is the fault of the host', async () => {
    const failed = run("process.kill(process.pid, 'SIGKILL')");
    await expect(failed).rejects.toBeInstanceOf(HostUnfitError);
  });

  it('to start says why', async () => {
    const options = { environment: {}, signal: neverAborted };
    await expect(runTool('/no/such/ffmpeg', [], options)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(runTool(import.meta.filename, [], options)).rejects.toMatchObject({ code: 'EACCES' });
  });
});

describe('an abort', () => {
  const reason = new Error('enough');
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'octet-tool-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('kills a program that does not want to end, and leaves none', async () => {
    const file = join(folder, 'pid');
    const code = `
      process.on('SIGTERM', () => {});
      setInterval(() => {}, 1000);
      require('fs').writeFileSync(${JSON.stringify(file)}, String(process.pid))`;
    const abort = new AbortController();
    const running = run(code, { signal: abort.signal });
    const pid = await vi.waitFor(() => {
      expect(existsSync(file) && readFileSync(file, 'utf8')).toBeTruthy();
      return Number(readFileSync(file, 'utf8'));
    }, 10_000);
    abort.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(isAlive(pid)).toBe(false);
  });

  it('that came before starts nothing', async () => {
    const file = join(folder, 'ran');
    const code = `require('fs').writeFileSync(${JSON.stringify(file)}, '')`;
    await expect(run(code, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(existsSync(file)).toBe(false);
  });

  it('is no longer listened for when a program has ended', async () => {
    const { signal } = new AbortController();
    const remove = vi.spyOn(signal, 'removeEventListener');
    const add = vi.spyOn(signal, 'addEventListener');
    await run('');
    await run('', { signal });
    await expect(run('process.exit(1)', { signal })).rejects.toThrow();
    await expect(runTool('/no/such/ffmpeg', [], { environment: {}, signal })).rejects.toThrow();
    const listeners = (calls: unknown[][]) => calls.map(([, listener]) => listener);
    expect(listeners(add.mock.calls)).toHaveLength(3);
    expect(listeners(remove.mock.calls)).toEqual(listeners(add.mock.calls));
  });
});
