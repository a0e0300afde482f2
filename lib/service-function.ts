import { join } from 'node:path';
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { ApiFunction } from '../domain/api-routes.ts';
import { LAMBDA_ENV } from '../domain/environment.ts';
import { BUILD_FOLDER } from './build-folder.ts';
import type { OctetConfig } from './config.ts';
import type { Encryption } from './encryption.ts';
import type { JobTable } from './job-table.ts';

/** A file of lambdas/. */
export type FunctionName = ApiFunction | 'submit-job' | 'settle-job' | 'deliver-callback' | 'reconcile-jobs';

export interface ServiceFunctionProps {
  readonly functionName: FunctionName;
  readonly config: OctetConfig;
  readonly encryption: Encryption;
  readonly jobTable: JobTable;
  /** What it reads beside where the jobs are, by the names of `LAMBDA_ENV`. */
  readonly environment: Readonly<Record<string, string>>;
  /** @default 10 s */
  readonly timeout?: Duration;
  /** @default no limit of its own */
  readonly reservedConcurrentExecutions?: number | undefined;
}

/** One of the Lambda functions, with a log of its own. */
export class ServiceFunction extends Construct implements iam.IGrantable {
  readonly function: lambda.Function;
  readonly logGroup: logs.LogGroup;
  readonly timeout: Duration;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    this.timeout = props.timeout ?? Duration.seconds(10);
    this.logGroup = new logs.LogGroup(this, 'Log', {
      retention: props.config.logRetentionDays,
      encryptionKey: props.encryption.dataKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Lambda's own policy would let each function write into every log.
    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    this.logGroup.grantWrite(role);
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'xray:PutTraceSegments and xray:PutTelemetryRecords have no resources.',
    });
    this.function = new lambda.Function(this, 'Function', {
      description: `Octet: ${props.functionName}`,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      role,
      code: lambda.Code.fromAsset(join(BUILD_FOLDER, 'lambdas', props.functionName)),
      handler: 'index.handler',
      environment: {
        [LAMBDA_ENV.tableName]: props.jobTable.table.tableName,
        [LAMBDA_ENV.retentionDays]: String(props.config.retentionDays),
        ...props.environment,
      },
      timeout: this.timeout,
      // A vCPU's share grows with the memory, and signing and TLS are what takes time here.
      memorySize: 512,
      tracing: lambda.Tracing.ACTIVE,
      logGroup: this.logGroup,
      ...(props.reservedConcurrentExecutions !== undefined && {
        reservedConcurrentExecutions: props.reservedConcurrentExecutions,
      }),
    });
  }

  get grantPrincipal(): iam.IPrincipal {
    return this.function.grantPrincipal;
  }
}
