import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import {
  DeleteTableCommand,
  DescribeTableCommand,
  ListTablesCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startDynamoDb } from '../../../local/dynamodb/server.ts';
import { listenOnLoopback } from '../../../local/http-server.ts';
import { clientsOf, getJob, job, put, start, stop, table, useDynamoDb } from './harness.ts';
import { jobTable } from './job-table.ts';

const harness = useDynamoDb();

describe('a table', () => {
  it('is active with its indexes when the server has started', async () => {
    const { Table } = await harness.client.send(new DescribeTableCommand(table));
    const indexes = Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName).sort();
    expect(Table?.TableStatus).toBe('ACTIVE');
    expect(indexes).toEqual(['by_attention', 'by_tenant']);
  });

  it('is left with its items at the next start', async () => {
    await put(harness, job);
    await stop(harness);
    await start(harness);
    expect(await getJob(harness)).toEqual(job);
  });

  it('keeps its items when the process is killed', async () => {
    await stop(harness);
    const script = fileURLToPath(new URL('serve.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', script, harness.dataDir]);
    onTestFinished(() => void child.kill('SIGKILL'));
    const exit = once(child, 'exit');
    const [url] = await once(child.stdout, 'data');
    const other = clientsOf(String(url));
    await put(other, job);
    child.kill('SIGKILL');
    await exit;
    other.client.destroy();
    await start(harness);
    expect(await getJob(harness)).toEqual(job);
  });

  it('can be deleted', async () => {
    await put(harness, job);
    await harness.client.send(new DeleteTableCommand(table));
    await expect.poll(() => harness.client.send(new ListTablesCommand())).toMatchObject({ TableNames: [] });
  });
});

describe('the server', () => {
  it('outlives a client that goes away in mid-body', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const aborted = request(harness.server.url, { method: 'POST', headers: { 'content-length': 1000 } });
    const closed = new Promise((resolve) => aborted.on('error', () => {}).on('close', resolve));
    await new Promise((resolve) => aborted.write('{"TableName":', resolve));
    aborted.destroy();
    await closed;
    await put(harness, job);
    expect(await getJob(harness)).toEqual(job);
    log.mockRestore();
  });

  it('outlives a request that dynalite cannot read, and tells of it', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const headers = { 'x-amz-target': 'DynamoDB_20120810.PutItem' };
    const body = '{"TableName":"jobs","Item":{"pk":null}}';
    const response = await fetch(harness.server.url, { method: 'POST', headers, body });
    expect(response.status).toBe(500);
    expect(log).toHaveBeenCalledOnce();
    await put(harness, job);
    log.mockRestore();
  });

  it('refuses by name what dynalite cannot do', async () => {
    const TransactItems = [{ Delete: { ...table, Key: {} } }];
    const refused = harness.client.send(new TransactWriteItemsCommand({ TransactItems }));
    await expect(refused).rejects.toMatchObject({
      name: 'NotImplemented',
      message: 'dynamodb TransactWriteItems is not implemented by the local DynamoDB',
      $metadata: { httpStatusCode: 501 },
    });
  });

  it('passes on what DynamoDB says to a request that is wrong', async () => {
    await expect(put(harness, { pk: 'job#1' })).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'One or more parameter values were invalid: Missing the key sk in the item',
    });
  });

  it('does not answer a web page', async () => {
    const headers = { origin: 'https://example.com', 'x-amz-target': 'DynamoDB_20120810.ListTables' };
    const response = await fetch(harness.server.url, { method: 'POST', headers, body: '{}' });
    expect(response.status).toBe(403);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('leaves its folder free when its port is taken', async () => {
    await stop(harness);
    const other = await listenOnLoopback(() => {});
    const refused = startDynamoDb({ dataDir: harness.dataDir, port: other.port, tables: [jobTable] });
    await expect(refused).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await other.close();
    await start(harness);
    await put(harness, job);
  });
});
