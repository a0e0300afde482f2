import { expect, it } from 'vitest';
import { commandOf, oneCommand } from '../../../local/bench/commands.ts';
import { targetsIn } from '../../../local/bench/encodes.ts';
import { ladder, ladderRenditions } from '../../../local/bench/ladder.ts';

const targets = targetsIn('out', ladderRenditions('hp', 24)).slice(0, 2);

it('has the four renditions that jobs are asked for', () => {
  expect(ladder('hp').map(({ resolution }) => resolution)).toEqual(
    ladderRenditions('hp', 24).map(({ settings: { size } }) => `${size.width}x${size.height}`),
  );
});

it('decodes once for all renditions, and scales small ones from larger ones', () => {
  const line = oneCommand('in.mp4', targets).join(' ');
  expect(line).toMatch(
    /-i in\.mp4 -filter_complex \[0:v\]split=1\[copy0\];\[copy0\]scale=1920:1080:flags=bicubic,split=2\[picture0\]\[copy1\];\[copy1\]scale=1280:720/,
  );
  expect(line).toMatch(
    /-map \[picture1\] -c:v libx264 -preset veryfast -b:v 2800k .* -movflags \+faststart out\/1\.mp4$/,
  );
});

it('has the same encoder settings where each rendition has a command of its own', () => {
  const [first] = targets;
  const alone = first && commandOf('in.mp4', first).join(' ');
  const settings = /-c:v .* out\/0\.mp4/;
  expect(alone?.match(settings)?.[0]).toBe(oneCommand('in.mp4', targets).join(' ').match(settings)?.[0]);
});
