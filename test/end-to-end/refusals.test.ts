import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { file, type Origin, type Routes, status, useOrigins } from '../services/origin.ts';
import { clipPath } from '../support/clips/clip-path.ts';
import { requestWith } from '../support/requests.ts';
import { destination, output, REFUSED_FIELDS } from './support/refused-fields.ts';
import { noHost, REFUSED_DESTINATIONS, REFUSED_INPUTS } from './support/refused-places.ts';
import { startWithRefusingBatch } from './support/refusing-batch.ts';
import { type Answer, Service, waitFor } from './support/service.ts';
import { itemsOf } from './support/table.ts';

type Fields = Record<string, unknown>;
type FileName = Parameters<typeof clipPath>[0];

const startOrigin = useOrigins();
let service: Service;
let inputs: Routes;
let origin: Origin;

beforeAll(async () => {
  service = await Service.start({ environment: { OCTET_LOCAL_API_KEYS: 'alice,bob' } });
  // Its bucket has the sample clip then, and nothing else comes.
  await waitFor(() => expect(service.output).toContain('Octet is ready'));
  const clip = async (name: FileName) => readFileSync(await clipPath(name));
  const whole = await clip('h264.mp4');
  inputs = {
    '/whole.mp4': file(whole),
    '/private.mp4': status(403),
    '/page.mp4': file(await clip('web-page.mp4')),
    '/no-ranges.mp4': file(whole, { ranges: false }),
    '/sound.mp4': file(await clip('two-tracks-of-sound.mp4')),
    '/empty.mp4': file(await clip('empty.mp4')),
    '/archive.mp4': file(Buffer.from(`PK\x03\x04${'-'.repeat(100)}`)),
    '/cut-short.mp4': file(whole.subarray(0, 200)),
    '/failing.mp4': status(500),
  };
});
afterAll(() => service?.stop());
beforeEach(async () => {
  origin = await startOrigin(inputs);
});

/** All that jobs leave: items of the table, and files of Batch, of S3 and of workers. */
async function traces(): Promise<unknown> {
  const entries = readdirSync(service.dataDir, { recursive: true, encoding: 'utf8' });
  // The database's own files change by themselves.
  const files = entries.filter((name) => !name.startsWith('dynamodb')).sort();
  return { items: await itemsOf(service), files };
}

const alice = { 'x-api-key': 'alice' };

function send(body: unknown): Promise<Answer> {
  return service.call('POST', '/v0/jobs/create', body, alice);
}

/** A request that would be accepted, with some of its fields replaced. */
function request(fields: Fields = {}): Fields {
  return requestWith({
    input: { url: origin.at('/whole.mp4') },
    destination: service.destination(),
    ...fields,
  });
}

/** DynamoDB's keys have at most 2,048 bytes. */
const longId = 'a'.repeat(3000);

const requestId = expect.stringMatching(/^[\da-f-]{36}$/);

describe('leaves nothing behind, and', () => {
  let before: unknown;

  beforeEach(async () => {
    before = await traces();
  });
  afterEach(async () => {
    expect(await traces()).toEqual(before);
  });

  it.each([
    ['no JSON', '{"input": }', 'The body is not valid JSON; check its quotes, commas and brackets.'],
    ['nothing', '', 'The body is empty; send a JSON object with input, destination and outputs.'],
  ])('refuses %s', async (_, body, error) => {
    expect(await send(body)).toEqual({
      status: 400,
      body: { error, code: 'invalid_json', request_id: requestId },
    });
  });

  it('refuses a body that no job needs', async () => {
    const { status, body } = await send({ ...request(), padding: ' '.repeat(256 * 1024) });
    expect({ status, code: body.code }).toEqual({ status: 413, code: 'body_too_large' });
    expect(body.error).toMatch(
      /^The body has 26\d{4} bytes and may have 262144; send nothing beside the job's fields\.$/,
    );
  });

  it.each(REFUSED_FIELDS)('refuses %j: %s', async (fields, error) => {
    const { status, body } = await send({ ...request({ destination, outputs: [output] }), ...fields });
    const path = error.slice(0, error.indexOf(' '));
    const message = error.slice(path.length + 1);
    const errors = [{ path, code: 'invalid_request', message }];
    expect({ status, body }).toEqual({
      status: 400,
      body: { error, code: 'invalid_request', errors, request_id: requestId },
    });
  });

  it.each(REFUSED_INPUTS)('refuses the input %s as %s: it %s', async (input, code, what) => {
    const url = input.startsWith('/') ? origin.at(input) : input;
    const error = `${url} ${what}`;
    expect(await send(request({ input: { url: `${url}?X-Amz-Signature=hush` } }))).toEqual({
      status: 422,
      body: { error, code, errors: [{ path: 'input.url', code, message: error }], request_id: requestId },
    });
  });

  it.each(REFUSED_DESTINATIONS)('refuses the destination %j as %s: %s', async (fields, code, error) => {
    const own = service.destination();
    const wrong = { ...own, ...fields, creds: { ...own.creds, ...(fields.creds as object) } };
    expect(await send(request({ destination: wrong }))).toEqual({
      status: 422,
      body: { error, code, errors: [{ path: 'destination', code, message: error }], request_id: requestId },
    });
  });

  it('tells all at once that is wrong within a request', async () => {
    const outputs = [{ ...output, level: 9 }, { resolution: '1x1' }];
    const { body } = await send({ outputs, callbak: 'https://media.example' });
    expect(body.error).toBe('input is required (and 6 more, see errors)');
    expect(body.errors.map(({ path }: { path: string }) => path)).toEqual([
      'input',
      'destination',
      'outputs[0].level',
      'outputs[1].codec',
      'outputs[1].resolution',
      'outputs[1].dest_path',
      'callbak',
    ]);
  });

  it('tells all at once that is wrong with what a request names', async () => {
    const { status, body } = await send(
      request({
        input: { url: origin.at('/missing.mp4') },
        destination: { ...service.destination(), bucket: 'no-such-bucket' },
        callback: `http://${noHost}/`,
      }),
    );
    const missing = `${origin.at('/missing.mp4')} answered 404: check that the file exists.`;
    expect({ status, error: body.error }).toEqual({
      status: 422,
      error: `${missing} (and 2 more, see errors)`,
    });
    expect(body.errors).toMatchObject([
      { path: 'input.url', message: missing },
      { path: 'destination', code: 'destination_denied' },
      {
        path: 'callback',
        message: `The callback cannot be delivered: ${noHost} does not exist; check the URL.`,
      },
    ]);
  });

  it('refuses a level that is too low for the size that follows from the input', async () => {
    const outputs = [{ ...output, resolution: '4096x-1', level: '4.0' }];
    const { status, body } = await send(request({ outputs }));
    expect(status).toBe(422);
    expect(body.error).toBe(
      'outputs[0].level is too low for this input: 4096x2304 has 36864 macroblocks a frame and level 4.0 allows 8192; use a higher level or auto',
    );
  });

  it.each([
    ['an unknown path', 'GET', '/v0/nothing', 404, 'There is no GET /v0/nothing.'],
    ['the wrong method for a path', 'GET', '/v0/jobs/create', 404, 'There is no GET /v0/jobs/create.'],
    ['an unknown method', 'DELETE', '/v0/jobs/1', 404, 'There is no DELETE /v0/jobs/1.'],
    ['an id of another form', 'GET', '/v0/jobs/1', 404, 'There is no job 1.'],
    ['an id with a slash', 'GET', '/v0/jobs/a%2Fb', 404, 'There is no job a/b.'],
    ['an id that no table takes', 'GET', `/v0/jobs/${longId}`, 404, `There is no job ${longId}.`],
    ['a path that is not UTF-8', 'GET', '/v0/jobs/%FF', 400, 'The path must be percent-encoded UTF-8.'],
  ])('refuses %s', async (_, method, path, status, error) => {
    expect(await service.call(method, path, undefined, alice)).toMatchObject({ status, body: { error } });
  });

  it.each<[string, Record<string, string>]>([
    ['no key', {}],
    ['a key that nobody has', { 'x-api-key': 'carol' }],
  ])('refuses %s', async (_, headers) => {
    const refused = {
      status: 403,
      body: {
        error: 'A valid key is needed in the header x-api-key.',
        code: 'forbidden',
        request_id: requestId,
      },
    };
    expect(await service.call('GET', '/v0/jobs/1', undefined, headers)).toEqual(refused);
    expect(await service.call('POST', '/v0/jobs/create', request(), headers)).toEqual(refused);
  });

  it('takes a job back that Batch refuses', async () => {
    const gateway = await startWithRefusingBatch(service);
    // Outside of the service nothing says where its S3 is.
    const body = request({ destination: { ...service.destination(), endpoint: service.endpoints.s3 } });
    const answer = await fetch(`${gateway.url}/v0/jobs/create`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    expect([answer.status, await answer.json()]).toEqual([
      503,
      {
        error: 'The job could not be queued; send it again.',
        code: 'infrastructure',
        request_id: requestId,
      },
    ]);
    await gateway.close();
  });
});

it("does not tell another's job from one that does not exist", async () => {
  const { body } = await send(request());
  const path = `/v0/jobs/${body.job_id}`;
  const of = (key: string) => service.call('GET', path, undefined, { 'x-api-key': key });
  expect(await of('alice')).toMatchObject({ status: 200, body: { job_id: body.job_id } });
  expect(await of('bob')).toMatchObject({
    status: 404,
    body: { error: `There is no job ${body.job_id}.`, code: 'not_found' },
  });
});
