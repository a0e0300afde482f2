import { join } from 'node:path';
import { Duration, RemovalPolicy, Size, Validations } from 'aws-cdk-lib';
import * as batch from 'aws-cdk-lib/aws-batch';
import * as ecr from 'aws-cdk-lib/aws-ecr-assets';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { JOB_TIMEOUT_S, RETRY_STRATEGY } from '../domain/batch/exit-codes.ts';
import { WORKER_ENV } from '../domain/environment.ts';
import type { InputLimits } from '../domain/media/input-limits.ts';
import { BUILD_FOLDER } from './build-folder.ts';
import type { Encryption } from './encryption.ts';
import { SCRATCH_DIR } from './instance-setup.ts';
import type { JobTable } from './job-table.ts';
import type { ScratchBucket } from './scratch-bucket.ts';

/** The least that an instance with a GPU has, less what the system takes. */
export const GPU_JOB = { cpu: 4, memory: Size.gibibytes(13), gpu: 1 };
const CPU_JOB = { cpu: 2, memory: Size.gibibytes(3) };

/** The user in the image. */
const USER = '10001:10001';

export interface WorkerJobProps {
  readonly jobTable: JobTable;
  readonly encryption: Encryption;
  readonly scratchBucket: ScratchBucket;
  readonly retentionDays: number;
  readonly inputLimits: InputLimits;
  readonly logRetentionDays: number;
  /** ARNs of roles that workers may take on to upload. */
  readonly destinationRoles: readonly string[];
}

/** The worker's container as AWS Batch runs it, on a GPU and without one. */
export class WorkerJob extends Construct {
  readonly gpuDefinition: batch.EcsJobDefinition;
  readonly cpuDefinition: batch.EcsJobDefinition;
  readonly role: iam.Role;
  readonly logGroup: logs.LogGroup;
  readonly #props: WorkerJobProps;
  readonly #image: ecs.ContainerImage;
  readonly #executionRole: iam.Role;

  constructor(scope: Construct, id: string, props: WorkerJobProps) {
    super(scope, id);
    this.#props = props;
    this.#image = ecs.ContainerImage.fromAsset(join(BUILD_FOLDER, 'image'), {
      platform: ecr.Platform.LINUX_AMD64,
    });
    this.logGroup = new logs.LogGroup(this, 'Log', {
      retention: props.logRetentionDays,
      encryptionKey: props.encryption.dataKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const assumedBy = new iam.ServicePrincipal('ecs-tasks.amazonaws.com');
    this.#executionRole = new iam.Role(this, 'ExecutionRole', { assumedBy });
    this.role = new iam.Role(this, 'Role', { assumedBy });
    this.#grantWork();
    this.gpuDefinition = this.#definition('Gpu', { ...GPU_JOB, gpuWord: 'required' });
    this.cpuDefinition = this.#definition('Cpu', { ...CPU_JOB, gpuWord: 'optional' });
    this.#acknowledge();
  }

  #definition(
    id: string,
    { cpu, memory, gpu, gpuWord }: { cpu: number; memory: Size; gpu?: number; gpuWord: string },
  ): batch.EcsJobDefinition {
    const { jobTable, encryption, scratchBucket, retentionDays, inputLimits } = this.#props;
    return new batch.EcsJobDefinition(this, id, {
      container: new batch.EcsEc2ContainerDefinition(this, `${id}Container`, {
        image: this.#image,
        cpu,
        memory,
        ...(gpu !== undefined && { gpu }),
        user: USER,
        readonlyRootFilesystem: true,
        volumes: [
          batch.EcsVolume.host({ name: 'scratch', hostPath: SCRATCH_DIR, containerPath: SCRATCH_DIR }),
        ],
        executionRole: this.#executionRole,
        jobRole: this.role,
        logging: ecs.LogDriver.awsLogs({ logGroup: this.logGroup, streamPrefix: 'worker' }),
        environment: {
          [WORKER_ENV.tableName]: jobTable.table.tableName,
          [WORKER_ENV.keyId]: encryption.secretsKey.keyArn,
          [WORKER_ENV.retentionDays]: String(retentionDays),
          [WORKER_ENV.inputLimits]: JSON.stringify(inputLimits),
          [WORKER_ENV.scratchBucket]: scratchBucket.bucket.bucketName,
          [WORKER_ENV.scratchDir]: SCRATCH_DIR,
          [WORKER_ENV.gpu]: gpuWord,
        },
      }),
      retryAttempts: RETRY_STRATEGY.attempts,
      retryStrategies: RETRY_STRATEGY.evaluateOnExit.map(({ action, ...on }) =>
        batch.RetryStrategy.of(batch.Action[action], batch.Reason.custom(on)),
      ),
      timeout: Duration.seconds(JOB_TIMEOUT_S),
      // Queues that share fairly want one.
      schedulingPriority: 1,
      propagateTags: true,
    });
  }

  #grantWork(): void {
    const { jobTable, encryption, scratchBucket, destinationRoles } = this.#props;
    jobTable.grant(this.role, 'read', 'update');
    encryption.grantDecryptSecrets(this.role, 'work');
    scratchBucket.grant(this.role);
    if (destinationRoles.length > 0) {
      this.role.addToPolicy(
        new iam.PolicyStatement({ actions: ['sts:AssumeRole'], resources: [...destinationRoles] }),
      );
    }
  }

  #acknowledge(): void {
    Validations.of(this.#executionRole).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'ecr:GetAuthorizationToken has no resources: it is for the whole registry.',
    });
  }
}
