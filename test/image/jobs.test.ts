import { afterAll, beforeAll, expect, it } from 'vitest';
import { Service } from '../end-to-end/support/service.ts';
import { clipPath } from '../support/clips/clip-path.ts';
import { mediaFacts } from '../support/clips/media-facts.ts';
import { describeImage } from './support/image.ts';

describeImage('a worker in the image', () => {
  let service: Service;

  beforeAll(async () => {
    service = await Service.start({ environment: { OCTET_LOCAL_WORKER: 'scripts/run-image.mjs' } });
  });
  afterAll(() => service?.stop());

  it('does a whole job on a machine without a GPU', async () => {
    const url = await service.publish(await clipPath('rotated-phone.mp4'));
    const outputs = [
      { codec: 'h264', resolution: '-1x-1', dest_path: 'same.mp4' },
      {
        codec: 'h264',
        resolution: '90x-1',
        preset: 'slow',
        rc: 'cbr',
        bitrate_kbps: 200,
        dest_path: 'small.mp4',
      },
    ];
    const job = await service.completed(await service.create({ input: { url }, outputs }));
    expect(job.outputs).toMatchObject([
      { encoder: 'libx264', width: 180, height: 320, frames: 50 },
      { encoder: 'libx264', width: 90, height: 160, frames: 50 },
    ]);
    const facts = await mediaFacts(await service.download('small.mp4'));
    expect(facts).toMatchObject({ width: 90, height: 160, rotation: 0, pixFmt: 'yuv420p' });
  });

  it('ends a job whose input is broken with what is wrong, and at the first attempt', async () => {
    const url = await service.publish(await clipPath('truncated.mp4'));
    const outputs = [{ codec: 'h264', resolution: '-1x-1', dest_path: 'truncated/out.mp4' }];
    const job = await service.ended(await service.create({ input: { url }, outputs }));
    expect(job).toMatchObject({ status: 'error', error: { code: 'input_corrupt' } });
  });
});
