// npm run bench:create [-- --jobs 1000 --connections 64 --submits-per-second 10 --json]
// Creates many jobs on the local service at once, sends each request again with the same idempotency key, and counts what became of
// them. The jobs themselves do nothing. It ends with 1 when one was lost or doubled.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { root } from './bundle.mjs';

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '1000' },
    connections: { type: 'string', default: '64' },
    'submits-per-second': { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const jobs = Number(values.jobs);
const connections = Number(values.connections);

/** After the last answer, for what waits to be submitted. */
const SETTLE_MS =
  120_000 + (values['submits-per-second'] ? (1000 * jobs) / Number(values['submits-per-second']) : 0);

const folder = mkdtempSync(join(tmpdir(), 'octet-bench-'));
const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
const input = await serveInput();
const service = startService();
try {
  const endpoints = await ready();
  const result = await measure(endpoints);
  console.log(
    values.json
      ? JSON.stringify(result)
      : Object.entries(result)
          .map((each) => each.join('  '))
          .join('\n'),
  );
  process.exitCode = result.lost + result.doubled + result.unsubmitted > 0 ? 1 : 0;
} finally {
  service.kill('SIGINT');
  await new Promise((resolve) => service.once('exit', resolve));
  agent.destroy();
  input.close();
  input.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
}

function startService() {
  const worker = join(folder, 'worker.mjs');
  writeFileSync(worker, '');
  const rate = values['submits-per-second'];
  return spawn(
    process.execPath,
    ['--max-semi-space-size=2', '.build/local.mjs', '--port', '0', '--data', join(folder, 'data')],
    {
      cwd: root,
      env: {
        ...process.env,
        OCTET_LOCAL_WORKER: worker,
        ...(rate && { OCTET_LOCAL_SUBMITS_PER_SECOND: rate }),
      },
      stdio: 'ignore',
    },
  );
}

async function ready() {
  const path = join(folder, 'data/endpoints.json');
  while (!existsSync(path)) {
    if (service.exitCode !== null) throw new Error('The service did not start: see npm start.');
    await delay(50);
  }
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** A small file that has a video stream, as far as its header is looked at. */
async function serveInput() {
  const file = Buffer.concat([Buffer.from('FLV\x01\x01\0\0\0\x09', 'latin1'), Buffer.alloc(1000)]);
  const server = http.createServer((request, response) => {
    const [, from = '0', to = ''] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? [];
    const end = Math.min(to === '' ? file.length - 1 : Number(to), file.length - 1);
    const headers = { 'content-range': `bytes ${from}-${end}/${file.length}`, 'content-type': 'video/x-flv' };
    response.writeHead(206, headers).end(file.subarray(Number(from), end + 1));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function measure(endpoints) {
  const { bucket, access_key_id, secret_access_key } = endpoints;
  const body = JSON.stringify({
    input: { url: `http://127.0.0.1:${input.address().port}/in.flv` },
    destination: { provider: 's3', bucket, creds: { access_key_id, secret_access_key } },
    outputs: [{ codec: 'h264', resolution: '64x36', dest_path: 'out.mp4' }],
  });
  const create = (key) => send(endpoints, 'POST', '/v0/jobs/create', body, { 'idempotency-key': key });
  const keys = Array.from({ length: jobs }, () => randomUUID());
  const begun = performance.now();
  const first = await overConnections(keys, create);
  const seconds = (performance.now() - begun) / 1000;
  const again = await overConnections(keys, create);
  const ids = new Set(first.flatMap(({ answer }) => answer.job_id ?? []));
  const listed = await waitUntilSubmitted(endpoints, ids);
  const times = first.map(({ ms }) => ms).sort((a, b) => a - b);
  return {
    jobs,
    connections,
    accepted: ids.size,
    lost: [...ids].filter((id) => !listed.has(id)).length,
    doubled:
      listed.size -
      ids.size +
      again.filter(({ answer }, index) => answer.job_id !== first[index].answer.job_id).length,
    unsubmitted: [...listed.values()].filter((status) => status === 'created').length,
    per_second: Math.round(jobs / seconds),
    p50_ms: Math.round(times[Math.floor(times.length / 2)]),
    p99_ms: Math.round(times[Math.floor(times.length * 0.99)]),
  };
}

/** As many at a time as there are connections, so that none waits for one. */
async function overConnections(items, call) {
  const results = [];
  const waiting = [...items.entries()];
  const connection = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results[next[0]] = await call(next[1]);
  };
  await Promise.all(Array.from({ length: connections }, connection));
  return results;
}

/** @returns the states of all jobs that there are, by their ids, once none waits any more */
async function waitUntilSubmitted(endpoints, ids) {
  const until = Date.now() + SETTLE_MS;
  for (;;) {
    const listed = await listAll(endpoints);
    const isDone = listed.size >= ids.size && [...listed.values()].every((status) => status !== 'created');
    if (isDone || Date.now() > until) return listed;
    await delay(1000);
  }
}

async function listAll(endpoints) {
  const found = new Map();
  let cursor;
  do {
    const { answer } = await send(endpoints, 'GET', `/v0/jobs?limit=100${cursor ? `&cursor=${cursor}` : ''}`);
    for (const { job_id, status } of answer.jobs) found.set(job_id, status);
    cursor = answer.next_cursor;
  } while (cursor);
  return found;
}

function send({ api }, method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const request = http.request(`${api}${path}`, { method, agent, headers }, async (response) => {
      const chunks = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve({ answer: JSON.parse(Buffer.concat(chunks)), ms: performance.now() - begun });
    });
    request.on('error', reject).end(body);
  });
}
