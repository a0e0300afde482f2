import { expect, it } from 'vitest';
import { nameOf, octetStack, type Resource, resourcesOf, templateOf } from './support/synthesize.ts';

const role = 'arn:aws:iam::123456789012:role/upload';
const template = templateOf(octetStack({ destinationRoles: [role] }));

/** The calls that AWS gives no resource level, so that `*` is all that can be said. */
const WITHOUT_RESOURCES = [
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'ecr:GetAuthorizationToken',
  'batch:DescribeJobs',
];

const log = (name: string) => [`logs:CreateLogStream ${name}.Arn`, `logs:PutLogEvents ${name}.Arn`];
const traces = ['xray:PutTraceSegments *', 'xray:PutTelemetryRecords *'];
const table = (...actions: string[]) => [
  'kms:Decrypt EncryptionDataKey.Arn of dynamodb',
  'kms:DescribeKey EncryptionDataKey.Arn of dynamodb',
  ...actions.map((action) => `dynamodb:${action} JobTable.Arn`),
];

const sends = (...queues: string[]) => [
  ...queues.map((queue) => `sqs:SendMessage ${queue}.Arn`),
  ...queues.flatMap(() =>
    ['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => `${action} EncryptionDataKey.Arn of sqs`),
  ),
];
const receives = (queue: string) => [
  ...['ReceiveMessage', 'ChangeMessageVisibility', 'GetQueueUrl', 'DeleteMessage', 'GetQueueAttributes'].map(
    (action) => `sqs:${action} ${queue}.Arn`,
  ),
  'kms:Decrypt EncryptionDataKey.Arn',
];
const submits = [
  'FleetJobs.JobQueueArn',
  'FleetWorkerGpu',
  'FleetPackaging.JobQueueArn',
  'FleetWorkerCpu',
].map((resource) => `batch:SubmitJob ${resource}`);
const terminates = 'batch:TerminateJob arn:AWS::Partition:batch:eu-central-1:AWS::AccountId:job/*';

/** What each role may do, and nothing else. */
const ROLES: Record<string, string[]> = {
  ApiCreateRole: [
    ...log('ApiCreateLog'),
    ...traces,
    ...table('PutItem', 'GetItem', 'DeleteItem', 'Query', 'UpdateItem'),
    'kms:Encrypt EncryptionSecretsKey.Arn',
    ...submits,
    ...sends('SubmissionsQueue'),
  ],
  ApiPlanRole: [...log('ApiPlanLog'), ...traces],
  ApiGetRole: [...log('ApiGetLog'), ...traces, ...table('Query')],
  ApiListRole: [
    ...log('ApiListLog'),
    ...traces,
    'kms:Decrypt EncryptionDataKey.Arn of dynamodb',
    'kms:DescribeKey EncryptionDataKey.Arn of dynamodb',
    'dynamodb:Query JobTable.Arn/index/by_tenant',
  ],
  ApiCancelRole: [
    ...log('ApiCancelLog'),
    ...traces,
    ...table('Query', 'UpdateItem'),
    ...sends('CallbacksQueue'),
    terminates,
  ],
  ApiRedeliverRole: [
    ...log('ApiRedeliverLog'),
    ...traces,
    ...table('Query', 'UpdateItem'),
    ...sends('CallbacksQueue'),
  ],
  SubmissionsSubmitRole: [
    ...log('SubmissionsSubmitLog'),
    ...traces,
    ...table('Query', 'UpdateItem'),
    ...receives('SubmissionsQueue'),
    ...submits,
    ...sends('CallbacksQueue'),
  ],
  ReconciliationReconcileRole: [
    ...log('ReconciliationReconcileLog'),
    ...traces,
    ...table('Query', 'UpdateItem'),
    'dynamodb:Query JobTable.Arn/index/by_attention',
    ...sends('CallbacksQueue', 'SubmissionsQueue'),
    'batch:DescribeJobs *',
  ],
  CallbacksSettleRole: [
    ...log('CallbacksSettleLog'),
    ...traces,
    ...table('Query', 'UpdateItem'),
    ...sends('CallbacksQueue', 'CallbacksDeadEvents'),
    terminates,
  ],
  CallbacksDeliverRole: [
    ...log('CallbacksDeliverLog'),
    ...traces,
    ...receives('CallbacksQueue'),
    ...table('Query', 'UpdateItem'),
    'kms:Decrypt EncryptionSecretsKey.Arn for callback',
    'secretsmanager:GetSecretValue CallbacksSecret',
    'secretsmanager:DescribeSecret CallbacksSecret',
  ],
  FleetWorkerRole: [
    ...table('Query', 'UpdateItem'),
    'kms:Decrypt EncryptionSecretsKey.Arn for work',
    'kms:Decrypt EncryptionDataKey.Arn of s3',
    'kms:GenerateDataKey EncryptionDataKey.Arn of s3',
    ...['GetObject', 'PutObject', 'DeleteObject', 'AbortMultipartUpload'].map(
      (action) => `s3:${action} FleetScratchBucket.Arn/*`,
    ),
    's3:ListBucket FleetScratchBucket.Arn',
    `sts:AssumeRole ${role}`,
  ],
  FleetWorkerExecutionRole: [
    ...log('FleetWorkerLog'),
    ...['BatchCheckLayerAvailability', 'GetDownloadUrlForLayer', 'BatchGetImage'].map(
      (action) => `ecr:${action} the images of the account's CDK`,
    ),
    'ecr:GetAuthorizationToken *',
  ],
};

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: { readonly StringEquals: Record<string, string> };
}

function permissions(policy: Resource): string[] {
  const statements: Statement[] = policy.Properties.PolicyDocument.Statement;
  return statements.flatMap(({ Effect, Action, Resource, Condition }) => {
    expect(Effect).toBe('Allow');
    const resources = [Resource].flat().map((resource) => `${nameOfResource(resource)}${limitOf(Condition)}`);
    return resources.flatMap((resource) => [Action].flat().map((action) => `${action} ${resource}`));
  });
}

function nameOfResource(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const reference = resource as {
    readonly Ref?: string;
    readonly 'Fn::GetAtt'?: readonly string[];
    readonly 'Fn::Join'?: readonly [string, readonly unknown[]];
    readonly 'Fn::Sub'?: string;
  };
  if (reference.Ref !== undefined) return nameOf(reference.Ref);
  const attribute = reference['Fn::GetAtt'];
  if (attribute !== undefined) return `${nameOf(attribute[0] ?? '')}.${attribute[1]}`;
  const parts = reference['Fn::Join']?.[1] ?? [];
  const text = reference['Fn::Sub'] ?? parts.map((part) => nameOfResource(part)).join('');
  return /container-assets|the images/.test(text) ? "the images of the account's CDK" : text;
}

function limitOf(condition: Statement['Condition']): string {
  if (condition === undefined) return '';
  const [[key, value] = [], ...others] = Object.entries(condition.StringEquals);
  expect(others).toEqual([]);
  if (key === 'kms:ViaService') return ` of ${value?.split('.')[0]}`;
  expect(key).toBe('kms:EncryptionContext:octet:purpose');
  return ` for ${value}`;
}

const policies = resourcesOf(template, 'AWS::IAM::Policy');

it.each(Object.entries(ROLES))('%s may do what it must, and nothing else', (name, expected) => {
  const policy = policies.get(`${name}DefaultPolicy`);
  // A grant of the key is repeated for each queue.
  const unique = (all: readonly string[]) => [...new Set(all)].sort();
  expect(policy && unique(permissions(policy))).toEqual(unique(expected));
});

it('there are no other policies', () => {
  expect([...policies.keys()].sort()).toEqual(
    Object.keys(ROLES)
      .map((name) => `${name}DefaultPolicy`)
      .sort(),
  );
  for (const [name, { Properties }] of resourcesOf(template, 'AWS::IAM::Role')) {
    expect(Properties.Policies, name).toBeUndefined();
  }
});

it('roles have the policies that AWS keeps only where AWS itself uses them', () => {
  const managed = [...resourcesOf(template, 'AWS::IAM::Role')].filter(
    ([, { Properties }]) => Properties.ManagedPolicyArns !== undefined,
  );
  expect(managed.map(([name]) => name).sort()).toEqual([
    'ApiCloudWatchRole',
    'FleetCpuInstanceRole',
    'FleetGpuInstanceRole',
  ]);
});

it('no action is a pattern, and a resource is `*` only for calls that have none', () => {
  for (const permission of [...policies.values()].flatMap(permissions)) {
    const [action = '', resource] = permission.split(' ');
    expect(action).not.toContain('*');
    if (resource === '*') expect(WITHOUT_RESOURCES).toContain(action);
  }
});

const rolesThat = (action: string, resource: string) =>
  Object.keys(ROLES).filter((name) =>
    permissions(policies.get(`${name}DefaultPolicy`) as Resource).some((each) =>
      each.startsWith(`${action} ${resource}`),
    ),
  );

it("create alone can encrypt a job's secrets, and cannot decrypt them", () => {
  expect(rolesThat('kms:Encrypt', 'EncryptionSecretsKey')).toEqual(['ApiCreateRole']);
  expect(rolesThat('kms:Decrypt', 'EncryptionSecretsKey')).toEqual([
    'CallbacksDeliverRole',
    'FleetWorkerRole',
  ]);
});

it('create and submit alone may submit', () => {
  expect(rolesThat('batch:SubmitJob', '')).toEqual(['ApiCreateRole', 'SubmissionsSubmitRole']);
});
