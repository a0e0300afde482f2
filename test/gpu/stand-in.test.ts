import { beforeAll, expect, it } from 'vitest';
import { describeImage } from '../image/support/image.ts';
import { askedBy, runCommands } from './support/commands.ts';
import type { Command, CommandResult } from './support/in-image/run-commands.ts';
import { DRIVER } from './support/stand-in.ts';

// Whether the stand-in encodes well enough for whole jobs to be done with it.

const EVERY_2_S = 'expr:isnan(prev_forced_t)+gt(floor((t+0.005)/2),floor((prev_forced_t+0.005)/2))';
const NVENC = `-c:v h264_nvenc -bf 3 -b_ref_mode middle -rc-lookahead 20 -g 600 -force_key_frames ${EVERY_2_S} -forced-idr 1`;

function ffmpeg(source: string, options: string): Command {
  const start = ['-v', 'error', '-nostdin', '-y', '-f', 'lavfi', '-i', source];
  return { args: ['ffmpeg', ...start, ...options.split(' ')] };
}

/** Seconds and flags of a file's packets, in the order in which they are decoded. */
function packets(path: string): Command {
  const entries = ['-show_entries', 'packet=pts_time,flags', '-of', 'csv=print_section=0'];
  return { args: ['ffprobe', '-v', 'error', '-select_streams', 'v:0', ...entries, path] };
}

/** How near a file's pictures are to the source's, in dB. */
function psnr(source: string, path: string): Command {
  const filter = '[0:v]settb=1/12800[source];[1:v]settb=1/12800[made];[source][made]psnr';
  const inputs = ['-f', 'lavfi', '-i', source, '-i', path];
  return { args: ['ffmpeg', '-nostdin', '-hide_banner', ...inputs, '-lavfi', filter, '-f', 'null', '-'] };
}

/** Runs a command, and then looks at what it has made. */
async function made(command: Command, ...looks: Command[]): Promise<CommandResult[]> {
  return runCommands(looks, { mounts: DRIVER, first: [command] });
}

function psnrOf(result: CommandResult | undefined): number {
  return Number(/PSNR .*average:([\d.]+)/.exec(result?.stderr ?? '')?.[1]);
}

describeImage('the stand-in driver', () => {
  const source = 'testsrc2=size=320x180:rate=25:duration=5';
  let rows: string[];
  let quality: number;
  beforeAll(async () => {
    const [listed, compared] = await made(
      ffmpeg(source, `-pix_fmt yuv420p -qp 20 ${NVENC} out.mp4`),
      packets('out.mp4'),
      psnr(source, 'out.mp4'),
    );
    rows = listed?.stdout.trim().split('\n') ?? [];
    quality = psnrOf(compared);
  });

  it('gives every frame back with its time', () => {
    const times = rows.map((row) => Number(row.split(',')[0]));
    expect(times).toEqual(Array.from({ length: 125 }, (_, n) => expect.closeTo(n / 25, 3)));
  });

  it('begins a GOP where it is told to, and nowhere else', () => {
    const keyframes = rows.flatMap((row, n) => (row.includes('K') ? [n] : []));
    expect(keyframes).toEqual([0, 50, 100]);
  });

  it('encodes the pictures that it is given', () => {
    expect(quality).toBeGreaterThan(40);
  });

  it('encodes frames in GPU memory, for several outputs at once', async () => {
    const size = 'testsrc2=size=640x360:rate=25:duration=1';
    const graph = '[0:v]hwupload_cuda,split=3[a][b][c];[c]scale_cuda=320:180[d]';
    const outputs = ['a', 'b', 'd'].map((label) => `-map [${label}] -c:v h264_nvenc -qp 20 ${label}.mp4`);
    const command = ffmpeg(size, `-filter_complex ${graph} ${outputs.join(' ')}`);
    const results = await made(command, psnr(size, 'a.mp4'), psnr(size, 'b.mp4'), packets('d.mp4'));
    expect(psnrOf(results[0])).toBeGreaterThan(40);
    expect(psnrOf(results[1])).toBeGreaterThan(40);
    // No kernel is run, so that its pictures are of no use.
    expect(results[2]?.stdout.trim().split('\n')).toHaveLength(25);
  });

  it('records every one of many encoders that are opened at once', async () => {
    const widths = Array.from({ length: 20 }, (_, n) => 160 + 2 * n);
    const labels = widths.map((width) => `[o${width}]`);
    const scalers = widths.map((width) => `[i${width}]scale=${width}:90,format=yuv420p[o${width}]`);
    const graph = `[0:v]split=20${labels.join('').replaceAll('o', 'i')};${scalers.join(';')}`;
    const outputs = labels.map((label) => `-map ${label} ${NVENC} -f null -`);
    const command = ffmpeg(
      'testsrc2=size=320x180:duration=1',
      `-filter_complex ${graph} ${outputs.join(' ')}`,
    );
    const [result] = await runCommands([command], { mounts: DRIVER });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(
      askedBy(result)
        .map(({ width }) => width)
        .sort(),
    ).toEqual(widths);
  });
});
