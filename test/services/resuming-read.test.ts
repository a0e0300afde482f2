import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../services/input-errors.ts';
import { type RangeSource, type ResumingReadOptions, readInto } from '../../services/resuming-read.ts';

/** What a source does when it is asked for a range: gives bytes in pieces, and perhaps fails after them. */
interface Answer {
  readonly pieces?: string[];
  readonly failure?: Error;
}

const broken = Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
const busy = new InputError('input_unreachable', 'It answered 503.', { transient: true });
const changed = new InputError('input_changed', 'It changed.');

class ScriptedSource implements RangeSource {
  readonly finalUrl = new URL('https://example.com/in.mp4?secret');
  readonly asked: string[] = [];
  readonly bodies: Readable[] = [];
  readonly #answers: Answer[];

  constructor(answers: Answer[]) {
    this.#answers = answers;
  }

  async openRange(start: number, end: number): Promise<Readable> {
    this.asked.push(`${start}-${end}`);
    const { pieces = [], failure } = this.#answers.shift() ?? {};
    if (failure !== undefined && pieces.length === 0) throw failure;
    const body = Readable.from(
      (async function* () {
        for (const piece of pieces) yield Buffer.from(piece);
        if (failure !== undefined) throw failure;
      })(),
    );
    this.bodies.push(body);
    return body;
  }
}

async function read(source: ScriptedSource, options: Partial<ResumingReadOptions> = {}): Promise<string> {
  const target = Buffer.alloc(10, '.');
  const retry = { attempts: 2, wait: async () => {} };
  await readInto(source, target, 100, { retry, ...options });
  return target.toString();
}

describe('bytes are read', () => {
  it.each<[string, Answer[], string[]]>([
    ['in one piece', [{ pieces: ['0123456789'] }], ['100-109']],
    ['in several pieces', [{ pieces: ['012', '3456', '789'] }], ['100-109']],
    ['up to their end, whatever follows', [{ pieces: ['012345678', '9abc'] }], ['100-109']],
    ['on, where an answer is short', [{ pieces: ['0123'] }, { pieces: ['456789'] }], ['100-109', '104-109']],
    [
      'on, where a connection breaks',
      [{ pieces: ['0123'], failure: broken }, { pieces: ['456789'] }],
      ['100-109', '104-109'],
    ],
    ['again, where an answer holds nothing', [{}, { pieces: ['0123456789'] }], ['100-109', '100-109']],
    [
      'again, where the server is busy',
      [{ failure: busy }, { pieces: ['0123456789'] }],
      ['100-109', '100-109'],
    ],
    [
      'once, where the connection breaks behind the last of them',
      [{ pieces: ['0123456789'], failure: broken }],
      ['100-109'],
    ],
    [
      'on and on, as long as every try brings some',
      ['01', '23', '45', '67', '89'].map((piece) => ({ pieces: [piece], failure: broken })),
      ['100-109', '102-109', '104-109', '106-109', '108-109'],
    ],
  ])('%s', async (_, answers, asked) => {
    const source = new ScriptedSource(answers);
    expect(await read(source)).toBe('0123456789');
    expect(source.asked).toEqual(asked);
    expect(source.bodies.every(({ destroyed }) => destroyed)).toBe(true);
  });
});

describe('reading fails', () => {
  it.each<[string, Answer[], string, number]>([
    ['when no try brings anything', [{ failure: busy }, { failure: busy }, {}], 'It answered 503.', 2],
    [
      'when answers hold nothing',
      [{}, {}, {}],
      'https://example.com/in.mp4 could not be read: the server closed the connection.',
      2,
    ],
    ['at once when the file has changed', [{ failure: changed }, {}], 'It changed.', 1],
    [
      'at once when the file changes between two tries',
      [{ pieces: ['0'], failure: broken }, { failure: changed }],
      'It changed.',
      2,
    ],
    [
      'when progress ends',
      [{ pieces: ['0'], failure: broken }, { failure: busy }, { pieces: ['1'] }],
      'It answered 503.',
      2,
    ],
  ])('%s', async (_, answers, message, tries) => {
    const source = new ScriptedSource(answers);
    await expect(read(source)).rejects.toThrow(message);
    expect(source.asked).toHaveLength(tries);
  });
});

it('does not try again for a connection that breaks behind the last byte', async () => {
  const retry = { attempts: 1, wait: async () => {} };
  const source = new ScriptedSource([{ pieces: ['0123456789'], failure: broken }]);
  expect(await read(source, { retry })).toBe('0123456789');
});

it('waits longer with every failure in a row, and shorter again after progress', async () => {
  const waits: number[] = [];
  const retry = { attempts: 4, wait: async (failures: number) => void waits.push(failures) };
  const failures = [{ failure: busy }, { failure: busy }];
  const answers = [...failures, { pieces: ['0'], failure: broken }, ...failures, { pieces: ['123456789'] }];
  await read(new ScriptedSource(answers), { retry });
  expect(waits).toEqual([1, 2, 1, 2, 3]);
});

it('ends with the reason of a signal', async () => {
  const abort = new AbortController();
  const reason = new Error('enough');
  const wait = async () => abort.abort(reason);
  const source = new ScriptedSource([{ failure: busy }, { failure: busy }]);
  const retry = { attempts: 5, wait };
  await expect(read(source, { retry, signal: abort.signal })).rejects.toBe(reason);
});
