import { type Distance, serveFile } from './range-server.ts';

/** What this process tells the one that started it: first where it is, at the end how many connections it has cut. */
export interface RangeServerMessage {
  readonly url: string;
  readonly cuts: number;
}

const [path = '', distance = '{}'] = process.argv.slice(2);
const server = await serveFile(path, JSON.parse(distance) as Distance);
const tell = () => process.send?.({ url: server.url, cuts: server.cuts } satisfies RangeServerMessage);
process.once('message', tell);
process.once('disconnect', () => process.exit(0));
tell();
