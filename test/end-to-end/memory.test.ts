import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveVideo } from '../../local/bench/endless-video.ts';
import { MemoryWatch } from '../../local/bench/memory-watch.ts';
import { Service } from './support/service.ts';

const LIMIT_MB = 150;
const GB = 1e9;

let service: Service;

beforeAll(async () => {
  service = await Service.start();
});
afterAll(() => service?.stop());

it('needs little memory for an input of 2 GB', async () => {
  const video = await serveVideo(1450);
  expect(video.size).toBeGreaterThan(2 * GB);
  const memory = new MemoryWatch(['.build/worker.mjs', '.build/s3.mjs', service.dataDir]);
  const output = { codec: 'h264', resolution: '160x90', preset: 'hp', dest_path: 'grey.mp4' };
  const job = await service.completed(await service.create({ input: { url: video.url }, outputs: [output] }));
  await video.close();
  expect(job.outputs).toMatchObject([{ frames: 1450, duration: 58 }]);
  const peaks = Object.values(memory.stop());
  expect(peaks).toHaveLength(3);
  for (const peak of peaks) expect(peak).toBeLessThan(LIMIT_MB);
});
