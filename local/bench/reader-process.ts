import { once } from 'node:events';
import { BlockReader } from '../../batch-image/worker/block-reader.ts';
import { serveInput } from '../../batch-image/worker/input-server.ts';
import { HttpInput } from '../../services/http-input.ts';

/** Reads what it is told to as the worker does, and tells where. */
process.once('disconnect', () => process.exit(0));
process.send?.('ready');
const [url] = (await once(process, 'message')) as [string];
const input = await HttpInput.open(url, { allowPrivateHosts: true });
const reader = new BlockReader(input, { signal: new AbortController().signal });
process.send?.((await serveInput(reader)).url);
