import { expect, it } from 'vitest';
import { send, useGateway } from './harness.ts';

const harness = useGateway({
  routes: [
    'GET /v0/jobs/{job_id}',
    'POST /v0/jobs/{job_id}',
    'GET /v0/jobs',
    'POST /v0/jobs/plan',
    'POST /v0/jobs/{job_id}/cancel',
    'GET /v0/{kind}/latest',
  ],
});

it.each([
  ['GET /v0/jobs', '/v0/jobs', null],
  ['GET /v0/jobs?limit=1', '/v0/jobs', null],
  ['GET /v0/jobs/7', '/v0/jobs/{job_id}', { job_id: '7' }],
  ['POST /v0/jobs/plan', '/v0/jobs/plan', null],
  ['POST /v0/jobs/%70lan', '/v0/jobs/plan', null],
  ['POST /v0/jobs/plan/cancel', '/v0/jobs/{job_id}/cancel', { job_id: 'plan' }],
  ['GET /v0/jobs/latest', '/v0/jobs/{job_id}', { job_id: 'latest' }],
  ['GET /v0/presets/latest', '/v0/{kind}/latest', { kind: 'presets' }],
  ['GET /v0/jobs/a%2Fb%20c', '/v0/jobs/{job_id}', { job_id: 'a/b c' }],
  ['GET /v0/jobs/%2541', '/v0/jobs/{job_id}', { job_id: '%41' }],
  ['GET /v0/jobs/%C3%A9', '/v0/jobs/{job_id}', { job_id: 'é' }],
])('%s goes to %s with the parameters %j', async (name, resource, pathParameters) => {
  expect(await send(harness, name)).toMatchObject({ status: 200, body: JSON.stringify(resource) });
  expect(harness.events).toMatchObject([{ resource, pathParameters }]);
});

it.each([
  ['GET /v0/foo', 'There is no GET /v0/foo.'],
  ['GET /v0/foo?a=b', 'There is no GET /v0/foo.'],
  ['DELETE /v0/jobs', 'There is no DELETE /v0/jobs.'],
  ['GET /v0/jobs/plan', 'There is no GET /v0/jobs/plan.'],
  ['GET /v0/jobs/', 'There is no GET /v0/jobs/.'],
  ['GET /v0/jobs/7/8', 'There is no GET /v0/jobs/7/8.'],
  ['POST /v0/jobs//cancel', 'There is no POST /v0/jobs//cancel.'],
  ['GET /V0/jobs', 'There is no GET /V0/jobs.'],
])('%s is not found', async (name, error) => {
  const { status, headers, body } = await send(harness, name);
  const request_id = headers['x-amzn-requestid'];
  expect(status).toBe(404);
  expect(JSON.parse(body)).toEqual({ error, code: 'not_found', request_id });
  expect(request_id).toMatch(/^[0-9a-f-]{36}$/);
  expect(harness.events).toEqual([]);
});

it('HEAD is not GET', async () => {
  expect(await send(harness, 'HEAD /v0/jobs')).toMatchObject({ status: 404, body: '' });
});

it('a path that is not percent-encoded UTF-8 is refused', async () => {
  const { status, body } = await send(harness, 'GET /v0/jobs/%E9');
  expect(status).toBe(400);
  expect(JSON.parse(body)).toMatchObject({ code: 'invalid_request' });
});
