import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { RETRY_STRATEGY } from '../../domain/batch/exit-codes.ts';
import { GPU_INSTANCE_CLASSES } from '../../lib/config.ts';
import { octetStack, type Resource, resourcesOf, templateOf } from './support/synthesize.ts';

const template = templateOf(octetStack());
const all = (type: string) => resourcesOf(template, type);
/** The rule that is meant for the ends of jobs. */
const jobEnded = () => all('AWS::Events::Rule').get('CallbacksJobEnded')?.Properties;
const only = (type: string): Resource => {
  const [resource, ...others] = all(type).values();
  if (resource === undefined || others.length > 0) throw new Error(`There are ${others.length + 1} ${type}.`);
  return resource;
};
const allResources = Object.values(template.toJSON().Resources as Record<string, Resource>);

describe('the fleet', () => {
  const environments = all('AWS::Batch::ComputeEnvironment');
  const computeOf = (name: string) => environments.get(name)?.Properties.ComputeResources;
  const gpus = ['FleetGpuSpot', 'FleetGpuOnDemand'];
  const cpus = ['FleetCpuSpot', 'FleetCpuOnDemand'];

  it.each(gpus)('%s has the AMI with the driver, and GPUs with an encoder alone', (name) => {
    const { Ec2Configuration, InstanceTypes } = computeOf(name);
    expect(Ec2Configuration).toEqual([{ ImageType: 'ECS_AL2023_NVIDIA' }]);
    expect(Object.keys(GPU_INSTANCE_CLASSES)).toEqual(expect.arrayContaining(InstanceTypes));
    expect(InstanceTypes).toEqual(['g6', 'g4dn']);
  });

  it.each(cpus)('%s has the AMI without the driver', (name) => {
    expect(computeOf(name).Ec2Configuration).toEqual([{ ImageType: 'ECS_AL2023' }]);
  });

  it.each([...gpus, ...cpus])('%s costs nothing while it is idle, and waits before it goes', (name) => {
    const { MinvCpus, ScalingPolicy } = computeOf(name);
    expect({ MinvCpus, ScalingPolicy }).toEqual({
      MinvCpus: 0,
      ScalingPolicy: { MinScaleDownDelayMinutes: 20 },
    });
  });

  it.each([...gpus, ...cpus])('%s follows its launch template', (name) => {
    expect(computeOf(name).LaunchTemplate.Version).toEqual({
      'Fn::GetAtt': [expect.stringContaining('LaunchTemplate'), 'LatestVersionNumber'],
    });
  });

  it.each([...gpus, ...cpus])('%s lets jobs end when it is updated', (name) => {
    expect(environments.get(name)?.Properties).toMatchObject({
      ReplaceComputeEnvironment: false,
      UpdatePolicy: { TerminateJobsOnUpdate: false, JobExecutionTimeoutMinutes: 360 },
    });
  });

  it('has room for what is packaged to be written quickly', () => {
    const templates = [...all('AWS::EC2::LaunchTemplate')].map(([name, { Properties }]) => [
      name,
      Properties.LaunchTemplateData.BlockDeviceMappings[0].Ebs.Throughput,
    ]);
    expect(Object.fromEntries(templates)).toEqual({
      FleetGpuLaunchTemplate: undefined,
      FleetCpuLaunchTemplate: 500,
    });
  });

  it('tries Spot instances first', () => {
    for (const queue of all('AWS::Batch::JobQueue').values()) {
      const names = queue.Properties.ComputeEnvironmentOrder.map(
        // biome-ignore lint/suspicious/noExplicitAny: as above
        ({ ComputeEnvironment, Order }: any) => `${Order} ${ComputeEnvironment['Fn::GetAtt'][0]}`,
      );
      expect(names).toEqual([expect.stringMatching(/^1 .*Spot/), expect.stringMatching(/^2 .*OnDemand/)]);
    }
  });

  it('shares fairly, and gives up what waits in vain', () => {
    for (const queue of all('AWS::Batch::JobQueue').values()) {
      expect(queue.Properties.SchedulingPolicyArn).toBeDefined();
      expect(queue.Properties.JobStateTimeLimitActions).toHaveLength(3);
    }
    expect(all('AWS::Batch::SchedulingPolicy').size).toBe(2);
  });

  it('has instances whose containers cannot ask for their role, and whose disks are encrypted', () => {
    for (const launchTemplate of all('AWS::EC2::LaunchTemplate').values()) {
      const { MetadataOptions, BlockDeviceMappings } = launchTemplate.Properties.LaunchTemplateData;
      expect(MetadataOptions).toEqual({ HttpTokens: 'required', HttpPutResponseHopLimit: 1 });
      expect(BlockDeviceMappings).toEqual([
        {
          DeviceName: '/dev/xvda',
          Ebs: expect.objectContaining({ VolumeSize: 100, VolumeType: 'gp3', Encrypted: true }),
        },
      ]);
    }
  });

  it('is in subnets that nothing can come into, without a NAT', () => {
    expect(only('AWS::EC2::SecurityGroup').Properties.SecurityGroupIngress).toBeUndefined();
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    template.resourceCountIs('AWS::EC2::VPCEndpoint', 2);
  });
});

describe('a job', () => {
  const definition = (name: string) => all('AWS::Batch::JobDefinition').get(name)?.Properties;

  it('has a GPU and what its smallest instance has', () => {
    expect(definition('FleetWorkerGpu').ContainerProperties.ResourceRequirements).toEqual([
      { Type: 'MEMORY', Value: '13312' },
      { Type: 'VCPU', Value: '4' },
      { Type: 'GPU', Value: '1' },
    ]);
    expect(definition('FleetWorkerCpu').ContainerProperties.ResourceRequirements).toEqual([
      { Type: 'MEMORY', Value: '3072' },
      { Type: 'VCPU', Value: '2' },
    ]);
  });

  it.each([
    ['FleetWorkerGpu', 'required'],
    ['FleetWorkerCpu', 'optional'],
  ])('of %s runs as nobody, on a root that it cannot write to, with a GPU %s', (name, gpu) => {
    const { User, ReadonlyRootFilesystem, Privileged, MountPoints, Environment } =
      definition(name).ContainerProperties;
    expect({ User, ReadonlyRootFilesystem, Privileged }).toEqual({
      User: '10001:10001',
      ReadonlyRootFilesystem: true,
      Privileged: undefined,
    });
    expect(MountPoints).toEqual([{ ContainerPath: '/scratch', SourceVolume: 'scratch' }]);
    expect(Environment).toContainEqual({ Name: 'GPU', Value: gpu });
  });

  it.each(['FleetWorkerGpu', 'FleetWorkerCpu'])(
    'of %s is tried again by the rules of the domain, in order',
    (name) => {
      const { Attempts, EvaluateOnExit } = definition(name).RetryStrategy;
      const rules = RETRY_STRATEGY.evaluateOnExit.map(({ action, onStatusReason, onReason, onExitCode }) => ({
        Action: action,
        ...(onStatusReason && { OnStatusReason: onStatusReason }),
        ...(onReason && { OnReason: onReason }),
        ...(onExitCode && { OnExitCode: onExitCode }),
      }));
      expect(EvaluateOnExit).toEqual(rules);
      expect(EvaluateOnExit.at(-1)).toEqual({ Action: 'EXIT', OnReason: '*' });
      // https://docs.aws.amazon.com/batch/latest/userguide/job_retries.html
      expect(EvaluateOnExit.length).toBeLessThanOrEqual(5);
      expect(Attempts).toBe(3);
    },
  );

  it.each(['FleetWorkerGpu', 'FleetWorkerCpu'])('of %s has a time limit that Batch takes', (name) => {
    expect(definition(name).Timeout.AttemptDurationSeconds).toBe(6 * 3600);
  });
});

describe('the ends of Batch jobs', () => {
  it('come from our queues alone, under the keys that EventBridge knows', () => {
    const { EventPattern } = jobEnded();
    const queue = (name: string) => ({ 'Fn::GetAtt': [expect.stringContaining(name), 'JobQueueArn'] });
    expect(EventPattern).toEqual({
      source: ['aws.batch'],
      'detail-type': ['Batch Job State Change'],
      detail: {
        status: ['SUCCEEDED', 'FAILED'],
        jobQueue: [queue('FleetJobs'), queue('FleetPackaging')],
      },
    });
  });

  it('are kept where they cannot be settled', () => {
    const dead = { 'Fn::GetAtt': [expect.stringContaining('DeadEvents'), 'Arn'] };
    expect(jobEnded().Targets).toMatchObject([{ DeadLetterConfig: { Arn: dead } }]);
    expect(only('AWS::Lambda::EventInvokeConfig').Properties).toMatchObject({
      DestinationConfig: { OnFailure: { Destination: dead } },
      MaximumRetryAttempts: 2,
    });
  });
});

describe('callbacks', () => {
  const queue = () => all('AWS::SQS::Queue').get('CallbacksQueue')?.Properties;
  const deliver = () => all('AWS::Lambda::Function').get('CallbacksDeliverFunction')?.Properties;

  it('are hidden for at least six times as long as the function may take', () => {
    expect(queue().VisibilityTimeout).toBeGreaterThanOrEqual(6 * deliver().Timeout);
  });

  it('are tried as often as the schedule says, and kept for longer than that takes', () => {
    expect(queue().RedrivePolicy.maxReceiveCount).toBe(10);
    for (const { Properties } of all('AWS::SQS::Queue').values()) {
      expect(Properties.MessageRetentionPeriod).toBe(14 * 24 * 3600);
    }
  });

  it('leave room for the API', () => {
    const [source] =
      [...all('AWS::Lambda::EventSourceMapping')]
        .find(([name]) => name.startsWith('CallbacksDeliver'))
        ?.slice(1) ?? [];
    expect((source as Resource).Properties).toMatchObject({
      ScalingConfig: { MaximumConcurrency: 10 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    expect(deliver().ReservedConcurrentExecutions).toBeUndefined();
    const reserved = templateOf(octetStack({ reserveConcurrency: true }));
    expect(
      resourcesOf(reserved, 'AWS::Lambda::Function').get('CallbacksDeliverFunction')?.Properties,
    ).toMatchObject({ ReservedConcurrentExecutions: 10 });
  });
});

describe('jobs that Batch has no room for', () => {
  it('are submitted by so few functions at once that Batch takes them', () => {
    const sources = [...all('AWS::Lambda::EventSourceMapping')].filter(([name]) =>
      name.startsWith('SubmissionsSubmit'),
    );
    expect(sources.map(([, { Properties }]) => Properties.ScalingConfig)).toEqual([
      { MaximumConcurrency: 2 },
    ]);
  });

  it('are hidden for at least six times as long as the function may take', () => {
    const submit = all('AWS::Lambda::Function').get('SubmissionsSubmitFunction')?.Properties;
    const queue = all('AWS::SQS::Queue').get('SubmissionsQueue')?.Properties;
    expect(queue.VisibilityTimeout).toBeGreaterThanOrEqual(6 * submit.Timeout);
  });
});

describe('what is overdue', () => {
  it('is looked for every minute, by one function at a time', () => {
    const rule = all('AWS::Events::Rule').get('ReconciliationEveryMinute')?.Properties;
    expect(rule.ScheduleExpression).toBe('rate(1 minute)');
    expect(
      all('AWS::Lambda::Function').get('ReconciliationReconcileFunction')?.Properties.Timeout,
    ).toBeLessThan(60);
  });
});

describe('the API', () => {
  it('asks for a key at every call', () => {
    const methods = [...all('AWS::ApiGateway::Method').values()].map(({ Properties }) => Properties);
    expect(methods).toHaveLength(6);
    for (const { ApiKeyRequired, HttpMethod } of methods) {
      expect(ApiKeyRequired, HttpMethod).toBe(true);
    }
  });

  it('is throttled, traced and logged, without what requests and answers hold', () => {
    const { MethodSettings, AccessLogSetting, TracingEnabled } = only('AWS::ApiGateway::Stage').Properties;
    expect(MethodSettings).toEqual([
      {
        DataTraceEnabled: false,
        HttpMethod: '*',
        LoggingLevel: 'ERROR',
        MetricsEnabled: true,
        ResourcePath: '/*',
        ThrottlingBurstLimit: 100,
        ThrottlingRateLimit: 50,
      },
    ]);
    expect(TracingEnabled).toBe(true);
    expect(AccessLogSetting.Format).not.toMatch(/queryString|requestOverride|authorizer/i);
    expect(only('AWS::ApiGateway::UsagePlan').Properties.Throttle).toEqual({
      RateLimit: 50,
      BurstLimit: 100,
    });
  });

  it('answers in its own form what the gateway itself refuses', () => {
    const answers = [...all('AWS::ApiGateway::GatewayResponse').values()].map(({ Properties }) => {
      const body = JSON.parse(Properties.ResponseTemplates['application/json']);
      return `${Properties.ResponseType} ${Properties.StatusCode} ${body.code} ${body.request_id}`;
    });
    expect(answers.sort()).toEqual([
      'ACCESS_DENIED 403 forbidden $context.requestId',
      'DEFAULT_4XX undefined invalid_request $context.requestId',
      'DEFAULT_5XX undefined internal $context.requestId',
      'INVALID_API_KEY 403 forbidden $context.requestId',
      'MISSING_AUTHENTICATION_TOKEN 404 not_found $context.requestId',
      'QUOTA_EXCEEDED 429 throttled $context.requestId',
      'REQUEST_TOO_LARGE 413 body_too_large $context.requestId',
      'THROTTLED 429 throttled $context.requestId',
    ]);
  });

  it('has a key for each tenant', () => {
    const keys = templateOf(octetStack({ apiKeys: ['alice', 'bob'] }));
    keys.resourceCountIs('AWS::ApiGateway::ApiKey', 2);
    keys.resourceCountIs('AWS::ApiGateway::UsagePlanKey', 2);
  });

  it('can have a name of its own', () => {
    const customDomain = {
      domainName: 'video.example.com',
      certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/1',
      hostedZone: { hostedZoneId: 'Z1', zoneName: 'example.com' },
    };
    const named = templateOf(octetStack({ customDomain }));
    named.hasResourceProperties('AWS::ApiGateway::DomainName', { SecurityPolicy: 'TLS_1_2' });
    named.hasResourceProperties('AWS::Route53::RecordSet', { Name: 'video.example.com.' });
    named.hasOutput('Url', { Value: 'https://video.example.com' });
  });
});

describe('everything', () => {
  it('that is stored is encrypted, with a key that rotates', () => {
    for (const { Properties } of all('AWS::KMS::Key').values()) {
      expect(Properties.EnableKeyRotation).toBe(true);
    }
    const key = { 'Fn::GetAtt': [expect.stringContaining('DataKey'), 'Arn'] };
    for (const type of ['AWS::Logs::LogGroup', 'AWS::SecretsManager::Secret']) {
      for (const { Properties } of all(type).values()) expect(Properties.KmsKeyId, type).toEqual(key);
    }
    for (const { Properties } of all('AWS::SQS::Queue').values())
      expect(Properties.KmsMasterKeyId).toEqual(key);
    expect(only('AWS::SNS::Topic').Properties.KmsMasterKeyId).toEqual(key);
    expect(only('AWS::S3::Bucket').Properties.BucketEncryption).toMatchObject({
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
    });
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      Replicas: [
        Match.objectLike({
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          SSESpecification: { KMSMasterKeyId: Match.anyValue() },
          DeletionProtectionEnabled: true,
        }),
      ],
    });
  });

  it('is reached over TLS alone', () => {
    const refusesPlain = (statements: unknown) =>
      expect(statements).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
    refusesPlain(only('AWS::S3::BucketPolicy').Properties.PolicyDocument.Statement);
    refusesPlain(only('AWS::SNS::TopicPolicy').Properties.PolicyDocument.Statement);
    expect(all('AWS::SQS::QueuePolicy').size).toBe(all('AWS::SQS::Queue').size);
    for (const { Properties } of all('AWS::SQS::QueuePolicy').values()) {
      refusesPlain(Properties.PolicyDocument.Statement);
    }
  });

  it('that is private stays so', () => {
    expect(only('AWS::S3::Bucket').Properties.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
  });

  it('goes with the stack, but for the jobs, their key and what the account shares', () => {
    const kept = allResources.filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain');
    expect(kept.map(({ Type }) => Type).sort()).toEqual([
      'AWS::ApiGateway::Account',
      'AWS::DynamoDB::GlobalTable',
      'AWS::IAM::Role',
      'AWS::KMS::Key',
    ]);
  });

  it('that is logged is forgotten after a while', () => {
    const groups = [...all('AWS::Logs::LogGroup').values()];
    expect(groups).toHaveLength(12);
    for (const { Properties } of groups) expect(Properties.RetentionInDays).toBe(30);
  });

  it('that is scratch is gone after a day', () => {
    expect(only('AWS::S3::Bucket').Properties.LifecycleConfiguration.Rules).toEqual([
      {
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
        ExpirationInDays: 1,
        Status: 'Enabled',
      },
    ]);
  });

  it('is told where its parts are, and no secret', () => {
    const environments = [
      ...[...all('AWS::Lambda::Function').values()].map(({ Properties }) => Properties.Environment.Variables),
      ...[...all('AWS::Batch::JobDefinition').values()].flatMap(
        ({ Properties }) => Properties.ContainerProperties.Environment,
      ),
    ];
    expect(JSON.stringify(environments)).not.toMatch(/resolve:secretsmanager|SecretString|password|AKIA/i);
    expect(new Set(environments.flatMap(Object.keys).filter((name) => /SECRET/.test(name)))).toEqual(
      new Set(['CALLBACK_SECRET_ID']),
    );
  });

  it('in Lambda runs on the same platform, and is traced', () => {
    const functions = [...all('AWS::Lambda::Function').values()];
    expect(functions).toHaveLength(10);
    for (const { Properties } of functions) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        TracingConfig: { Mode: 'Active' },
      });
      expect(Properties.VpcConfig).toBeUndefined();
    }
  });

  it('tells somebody when it fails', () => {
    const alarms = all('AWS::CloudWatch::Alarm');
    expect([...alarms.keys()].sort()).toEqual([
      'MonitoringDeadCallbacks',
      'MonitoringDeadEvents',
      'MonitoringDeadSubmissions',
      'MonitoringErrorscanceljob',
      'MonitoringErrorscreatejob',
      'MonitoringErrorsdeliver',
      'MonitoringErrorsgetjob',
      'MonitoringErrorslistjobs',
      'MonitoringErrorsplanjob',
      'MonitoringErrorsreconcile',
      'MonitoringErrorsredelivercallback',
      'MonitoringErrorssettle',
      'MonitoringErrorssubmit',
      'MonitoringJobsFailedByUs',
      'MonitoringOverdueJobs',
      'MonitoringServerErrors',
      'MonitoringWaitingCallbacks',
    ]);
    for (const { Properties } of alarms.values()) {
      expect(Properties.AlarmActions).toHaveLength(1);
      expect(Properties.TreatMissingData).toBe('notBreaching');
    }
    template.resourceCountIs('AWS::SNS::Subscription', 0);
    templateOf(octetStack({ alarmEmail: 'team@example.com' })).hasResourceProperties(
      'AWS::SNS::Subscription',
      {
        Protocol: 'email',
        Endpoint: 'team@example.com',
      },
    );
  });
});

describe('a deployer', () => {
  it('may have Spot instances alone', () => {
    const spot = templateOf(octetStack({ spotOnly: true }));
    const environments = [...resourcesOf(spot, 'AWS::Batch::ComputeEnvironment').values()];
    expect(environments.map(({ Properties }) => Properties.ComputeResources.Type)).toEqual(['SPOT', 'SPOT']);
  });

  it('may bring a VPC', () => {
    const vpc = {
      vpcId: 'vpc-0123456789abcdef0',
      availabilityZones: ['eu-central-1a', 'eu-central-1b'],
      publicSubnetIds: ['subnet-0123456789abcdef1', 'subnet-0123456789abcdef2'],
    };
    const own = templateOf(octetStack({ vpc }));
    own.resourceCountIs('AWS::EC2::VPC', 0);
    for (const { Properties } of resourcesOf(own, 'AWS::Batch::ComputeEnvironment').values()) {
      expect(Properties.ComputeResources.Subnets).toEqual([
        'subnet-0123456789abcdef1',
        'subnet-0123456789abcdef2',
      ]);
    }
  });

  it('may choose instances and how many', () => {
    const chosen = templateOf(octetStack({ instanceClasses: ['g5'], maxGpuVcpus: 8, maxPackagingVcpus: 2 }));
    const environments = resourcesOf(chosen, 'AWS::Batch::ComputeEnvironment');
    expect(environments.get('FleetGpuSpot')?.Properties.ComputeResources).toMatchObject({
      InstanceTypes: ['g5'],
      MaxvCpus: 8,
    });
    expect(environments.get('FleetCpuSpot')?.Properties.ComputeResources.MaxvCpus).toBe(2);
  });
});
