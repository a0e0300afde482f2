import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Stack, Validations } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { OctetStack } from '../../lib/octet-stack.ts';

let outdir: string;

beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'octet-nag-'));
  // What is found is printed, too.
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(outdir, { recursive: true });
});

interface Suppression {
  readonly id: string;
  readonly reason: string;
}

/** @returns what cdk-nag finds, and what was acknowledged before it could */
function check(change: (stack: Stack) => void = () => {}): { found: string; acknowledged: Suppression[] } {
  const app = new App({ outdir });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { writeSuppressionsToCloudFormation: true }));
  const stack = new OctetStack(app, 'Octet', { env: { region: 'eu-central-1' } });
  change(stack);
  try {
    app.synth();
  } catch {
    // It says in the report why.
  }
  const read = (name: string) => JSON.parse(readFileSync(join(outdir, name), 'utf8'));
  const resources: { Metadata?: { cdk_nag?: { rules_to_suppress: Suppression[] } } }[] = Object.values(
    read('Octet.template.json').Resources,
  );
  return {
    found: JSON.stringify(read('validation-report.json').pluginReports),
    acknowledged: resources.flatMap(
      ({ Metadata }) =>
        Metadata?.cdk_nag?.rules_to_suppress.filter(({ id }) => id.startsWith('AwsSolutions')) ?? [],
    ),
  };
}

it('cdk-nag finds nothing, and each rule that is set aside has its reason in a sentence', () => {
  const { found, acknowledged } = check();
  expect(found).toBe('[]');
  expect(acknowledged.length).toBeGreaterThan(10);
  for (const { id, reason } of acknowledged) expect(reason, id).toMatch(/^[A-Z\w:]\S* .{20,}\.$/);
});

it('cdk-nag would find a careless bucket', () => {
  expect(check((stack) => new s3.Bucket(stack, 'Careless')).found).toContain('AwsSolutions-S1');
});
