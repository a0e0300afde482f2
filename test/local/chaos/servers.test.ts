import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Inputs, startInputs } from '../../../local/chaos/inputs.ts';
import type { JobSpec, ReceiverKind } from '../../../local/chaos/job-specs.ts';
import { Receivers } from '../../../local/chaos/receivers.ts';

const whole = Buffer.from('0123456789');
const receivers = new Receivers();
const secret = `whsec_${Buffer.alloc(32, 'ours').toString('base64')}`;
let inputs: Inputs;

beforeAll(async () => {
  receivers.secret = secret;
  inputs = await startInputs({ whole, truncated: whole.subarray(0, 6) });
  await receivers.listen();
});
afterAll(() => Promise.all([inputs.close(), receivers.close()]));

/** What some requests come to, one after the other: bodies, statuses, or nothing for a cut connection. */
async function ask(url: string, times: number, range = 'bytes=0-'): Promise<(string | number)[]> {
  const answers: (string | number)[] = [];
  for (let count = 0; count < times; count++) {
    const asked = fetch(url, { headers: { range } });
    const said = async (response: Response) => (response.ok ? await response.text() : response.status);
    answers.push(await asked.then(said).catch(() => ''));
  }
  return answers;
}

it('serves a whole file in ranges', async () => {
  expect(await ask(inputs.urlOf('whole', 'a'), 2, 'bytes=2-4')).toEqual(['234', '234']);
  expect(await ask(inputs.urlOf('whole', 'b'), 1, 'bytes=10-')).toEqual([416]);
});

it.each([
  ['flaky', [String(whole), 503, '', ...Array(6).fill(String(whole)), 503, '', String(whole)]],
  ['gone', [String(whole), 404, 404]],
  ['truncated', ['012345', '012345']],
] as const)('serves an input that is %s as %j', async (kind, answers) => {
  expect(await ask(inputs.urlOf(kind, 'c'), answers.length)).toEqual(answers);
});

function post(url: string, jobId: string, own = secret): Promise<Response> {
  const body = JSON.stringify({ api_version: 'v0', job_id: jobId, status: 'complete' });
  const at = new Date();
  const headers = {
    'webhook-id': `msg_${jobId}`,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(own).sign(`msg_${jobId}`, at, body),
  };
  const signal = AbortSignal.timeout(500);
  return fetch(url, { method: 'POST', body, headers, redirect: 'manual', signal });
}

const specOf = (receiver: ReceiverKind, refusals: number): JobSpec => {
  return {
    index: 0,
    input: 'whole',
    outputs: 1,
    receiver,
    refusals,
    isSentTwice: false,
    cancelAfterMs: undefined,
  };
};

it.each([
  ['fail', 500],
  ['throttle', 429],
  ['redirect', 307],
  ['cut', undefined],
  ['hang', undefined],
] as const)(
  'refuses the first callbacks of a receiver that is to %s, and takes the next',
  async (kind, status) => {
    const url = receivers.urlOf(specOf(kind, 2), kind);
    const answers: (number | undefined)[] = [];
    for (let count = 0; count < 3; count++) {
      answers.push(
        await post(url, kind)
          .then(({ status }) => status)
          .catch(() => undefined),
      );
    }
    expect(answers).toEqual([status, status, 204]);
    const receipts = receivers.receipts.filter(({ jobId }) => jobId === kind);
    expect(receipts.map(({ isTaken }) => isTaken)).toEqual([false, false, true]);
    expect(receipts.every(({ isSigned, webhookId }) => isSigned && webhookId === `msg_${kind}`)).toBe(true);
  },
);

it('knows a callback that was not signed with its secret', async () => {
  await post(
    receivers.urlOf(specOf('fail', 0), 'forged'),
    'forged',
    `whsec_${Buffer.alloc(32).toString('base64')}`,
  );
  expect(receivers.receipts.at(-1)).toMatchObject({ jobId: 'forged', isSigned: false });
});

it('counts callbacks that go where a redirect leads', async () => {
  const { headers } = await post(receivers.urlOf(specOf('redirect', 1), 'astray'), 'astray');
  await post(String(headers.get('location')), 'astray');
  expect(receivers.astray).toBe(1);
});
