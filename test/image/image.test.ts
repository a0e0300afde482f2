import { expect, it } from 'vitest';
import { describeImage, imageFacts, runInImage } from './support/image.ts';

describeImage('the image', () => {
  it('is under 800 MB', async () => {
    expect((await imageFacts()).size).toBeLessThan(800_000_000);
  });

  it('runs as nobody who has a home or may become somebody else', async () => {
    expect((await imageFacts()).user).toBe('10001:10001');
    const { stdout } = await runInImage('sh', [
      '-c',
      'id -u; cat /proc/self/status | grep CapEff; echo $HOME',
    ]);
    expect(stdout).toMatch(/^10001\nCapEff:\s+0+\n/);
  });

  it('cannot be written to', async () => {
    for (const path of ['/x', '/opt/octet/x', '/tmp/x', '/usr/local/bin/x']) {
      const { exitCode, stderr } = await runInImage('sh', ['-c', `echo x > ${path}`]);
      expect({ path, exitCode, stderr }).toMatchObject({
        exitCode: 2,
        stderr: expect.stringMatching(/Read-only|denied/),
      });
    }
  });

  it('has one ffmpeg, which has the encoders, and Node', async () => {
    const { stdout } = await runInImage('sh', [
      '-c',
      'ffmpeg -version | head -1; ffmpeg -hide_banner -encoders; node --version',
    ]);
    expect(stdout).toMatch(/^ffmpeg version 7\.1/);
    for (const encoder of ['libx264', 'h264_nvenc', 'hevc_nvenc', 'av1_nvenc'])
      expect(stdout).toContain(` ${encoder} `);
    expect(stdout).toMatch(/\nv24\.\d+\.\d+\n$/);
  });

  it('asks the NVIDIA runtime for the encoder', async () => {
    const { stdout } = await runInImage('sh', ['-c', 'echo $NVIDIA_DRIVER_CAPABILITIES']);
    expect(stdout.trim().split(',')).toEqual(expect.arrayContaining(['video', 'utility', 'compute']));
  });

  it('says by its exit code that a job cannot begin here', async () => {
    const { exitCode, stderr } = await runInImage('node', ['/opt/octet/worker.mjs']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('The environment variable OCTET_JOB_ID is not set.');
  });
});
