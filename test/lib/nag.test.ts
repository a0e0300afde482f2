import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Annotations, App, type Stack, Validations } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { OctetConfigInput } from '../../lib/config.ts';
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

interface Checked {
  /** What cdk-nag finds, and what CloudFormation would refuse. */
  readonly found: readonly unknown[];
  /** What was acknowledged before it could. */
  readonly acknowledged: readonly Suppression[];
  /** What `cdk synth --strict` would refuse. */
  readonly messages: readonly unknown[];
  /** What AWS would be asked for. */
  readonly lookups: readonly unknown[];
}

function check(config: OctetConfigInput = {}, change: (stack: Stack) => void = () => {}): Checked {
  const app = new App({ outdir });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { writeSuppressionsToCloudFormation: true }));
  const stack = new OctetStack(app, 'Octet', { env: { region: 'eu-central-1' }, config });
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
  const reports: { violations: unknown[] }[] = read('validation-report.json').pluginReports;
  const assembly = new CloudAssembly(outdir);
  return {
    found: reports.flatMap(({ violations }) => violations),
    acknowledged: resources.flatMap(
      ({ Metadata }) =>
        Metadata?.cdk_nag?.rules_to_suppress.filter(({ id }) => id.startsWith('AwsSolutions')) ?? [],
    ),
    messages: assembly.stacks.flatMap(({ messages }) => messages.filter(({ level }) => level !== 'info')),
    lookups: assembly.manifest.missing ?? [],
  };
}

const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012';

it.each<[string, OctetConfigInput]>([
  ['by default, with nobody to tell of alarms', {}],
  ['with Spot instances alone', { spotOnly: true }],
  [
    'in a VPC of the deployer',
    {
      vpc: {
        vpcId: 'vpc-0123456789abcdef0',
        availabilityZones: ['us-east-1a'],
        publicSubnetIds: ['subnet-0123456789abcdef0'],
      },
    },
  ],
  [
    'with a name of its own',
    {
      customDomain: {
        domainName: 'video.example.com',
        certificateArn,
        hostedZone: { hostedZoneId: 'Z0123456789ABCDEFGHIJ', zoneName: 'example.com' },
      },
    },
  ],
  [
    'with everything else that can be set',
    {
      instanceClasses: ['g5', 'g6e'],
      availabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
      alarmEmail: 'team@example.com',
      destinationRoles: ['arn:aws:iam::123456789012:role/upload'],
      apiKeys: ['alice', 'bob'],
      reserveConcurrency: true,
      logRetentionDays: 7,
    },
  ],
])(
  'the stack is valid %s; each rule of cdk-nag that is set aside has its reason in a sentence',
  (_, config) => {
    const { found, acknowledged, messages, lookups } = check(config);
    expect({ found, messages, lookups }).toEqual({ found: [], messages: [], lookups: [] });
    expect(acknowledged.length).toBeGreaterThan(10);
    for (const { id, reason } of acknowledged) expect(reason, id).toMatch(/^[A-Z\w:]\S* .{20,}\.$/);
  },
);

it('cdk-nag would find a careless bucket', () => {
  const { found } = check({}, (stack) => new s3.Bucket(stack, 'Careless'));
  expect(JSON.stringify(found)).toContain('AwsSolutions-S1');
});

it('a warning would be found', () => {
  const { messages } = check({}, (stack) => Annotations.of(stack).addWarningV2('careless', 'Take care.'));
  expect(messages).toHaveLength(1);
});
