import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

const execute = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const cdk = join(root, 'node_modules/aws-cdk/bin/cdk');
const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'octet-synth-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Synthesizes as on a machine without AWS credentials. @param app a command line @param options of `cdk synth` */
async function synthesize(app: string, options: readonly string[] = []): Promise<string> {
  const output = join(folder, 'cdk.out');
  const args = [cdk, 'synth', '--strict', '--quiet', '--app', app, '--output', output, ...options];
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: '1',
  };
  try {
    await execute(process.execPath, args, { cwd: root, env });
  } catch (error) {
    throw new Error((error as { stderr?: string }).stderr);
  }
  return output;
}

it('synthesizes without a warning, and asks AWS for nothing', async () => {
  const output = await synthesize(`${process.execPath} ${tsx} bin/octet.ts`);
  const asked = JSON.parse(readFileSync(join(output, 'manifest.json'), 'utf8'));
  expect(asked.missing, 'lookups').toBeUndefined();
  const report = JSON.parse(readFileSync(join(output, 'validation-report.json'), 'utf8'));
  expect(report.pluginReports).toEqual([]);
});

it('refuses a configuration that is not valid, by name', async () => {
  const options = ['-c', 'octet={"instanceClasses":["p5"]}'];
  await expect(synthesize(`${process.execPath} ${tsx} bin/octet.ts`, options)).rejects.toThrow(
    'instanceClasses.0 must be one of g4dn, g5, g6, g6e, gr6, whose GPUs have an encoder',
  );
});

it("is a part of somebody else's app, by the name of the package", async () => {
  const output = await synthesize(`${process.execPath} test/lib/foreign-app/app.mjs`);
  const [name = ''] = readdirSync(output).filter((file) => file.endsWith('.template.json'));
  const { Resources } = JSON.parse(readFileSync(join(output, name), 'utf8'));
  const types = new Set(Object.values(Resources as Record<string, { Type: string }>).map(({ Type }) => Type));
  expect(types).toContain('AWS::Batch::JobQueue');
  expect(types).toContain('AWS::S3::Bucket');
});
