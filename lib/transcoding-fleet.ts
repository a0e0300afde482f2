import { Duration, Stack, Validations } from 'aws-cdk-lib';
import * as batch from 'aws-cdk-lib/aws-batch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { LAMBDA_ENV } from '../domain/environment.ts';
import { Compute } from './compute.ts';
import type { OctetConfig } from './config.ts';
import type { Encryption } from './encryption.ts';
import { FleetNetwork } from './fleet-network.ts';
import type { JobTable } from './job-table.ts';
import { ScratchBucket } from './scratch-bucket.ts';
import type { ServiceFunction } from './service-function.ts';
import { WorkerJob } from './worker-job.ts';

/** Instances without a GPU, for what needs none. */
const CPU_INSTANCE_CLASSES = ['c7a', 'c7i', 'c6a', 'c6i'];

/** Each byte of an output is written once and read once. gp3 gives so much with the IOPS that it has by itself. */
const PACKAGING_MIB_PER_S = 500;

export interface TranscodingFleetProps {
  readonly config: OctetConfig;
  readonly encryption: Encryption;
  readonly jobTable: JobTable;
  /** @default a VPC of its own */
  readonly vpc?: ec2.IVpc | undefined;
}

/** The machines that do the work, and the queues in which it waits for them. */
export class TranscodingFleet extends Construct {
  /** For jobs, on GPUs. */
  readonly jobQueue: batch.JobQueue;
  /** For what needs no GPU. */
  readonly packagingQueue: batch.JobQueue;
  readonly scratchBucket: ScratchBucket;
  readonly worker: WorkerJob;

  constructor(scope: Construct, id: string, { config, encryption, jobTable, vpc }: TranscodingFleetProps) {
    super(scope, id);
    const { availabilityZones, spotOnly } = config;
    const network = new FleetNetwork(this, 'Network', { vpc, availabilityZones });
    this.scratchBucket = new ScratchBucket(this, 'Scratch', { encryption });
    this.worker = new WorkerJob(this, 'Worker', {
      ...config,
      jobTable,
      encryption,
      scratchBucket: this.scratchBucket,
    });
    const gpu = new Compute(this, 'Gpu', {
      network,
      spotOnly,
      instanceClasses: config.instanceClasses,
      imageType: batch.EcsMachineImageType.ECS_AL2023_NVIDIA,
      maxVcpus: config.maxGpuVcpus,
    });
    const cpu = new Compute(this, 'Cpu', {
      network,
      spotOnly,
      instanceClasses: CPU_INSTANCE_CLASSES,
      imageType: batch.EcsMachineImageType.ECS_AL2023,
      maxVcpus: config.maxPackagingVcpus,
      volumeThroughput: PACKAGING_MIB_PER_S,
    });
    this.jobQueue = this.#queue('Jobs', gpu);
    this.packagingQueue = this.#queue('Packaging', cpu);
  }

  /** The queues whose ends are the ends of jobs. */
  get queueArns(): string[] {
    return [this.jobQueue.jobQueueArn, this.packagingQueue.jobQueueArn];
  }

  /** What a function reads that submits jobs or stops them, by the names of `LAMBDA_ENV`. */
  get environment(): Record<string, string> {
    return {
      [LAMBDA_ENV.jobQueue]: this.jobQueue.jobQueueArn,
      [LAMBDA_ENV.jobDefinition]: this.worker.gpuDefinition.jobDefinitionArn,
      [LAMBDA_ENV.packagingQueue]: this.packagingQueue.jobQueueArn,
      [LAMBDA_ENV.packagingDefinition]: this.worker.cpuDefinition.jobDefinitionArn,
    };
  }

  /** Lets somebody submit jobs. */
  grantSubmit(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['batch:SubmitJob'],
      resourceArns: Object.values(this.environment),
    });
  }

  /** Lets somebody stop jobs. */
  grantTerminate(grantee: ServiceFunction): iam.Grant {
    const { region } = Stack.of(this);
    const job = Stack.of(this).formatArn({ service: 'batch', resource: 'job', resourceName: '*' });
    Validations.of(grantee).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:batch:${region}:<AWS::AccountId>:job/*]`,
      reason: 'The ids of Batch jobs are not known before the jobs come.',
    });
    return iam.Grant.addToPrincipal({ grantee, actions: ['batch:TerminateJob'], resourceArns: [job] });
  }

  #queue(id: string, compute: Compute): batch.JobQueue {
    const Reason = batch.JobStateTimeLimitActionsReason;
    return new batch.JobQueue(this, id, {
      computeEnvironments: compute.environments.map((computeEnvironment, index) => ({
        computeEnvironment,
        order: index + 1,
      })),
      // Each tenant's jobs go as fast as those of others who have as few.
      schedulingPolicy: new batch.FairshareSchedulingPolicy(this, `${id}FairShare`, {
        shareDecay: Duration.hours(1),
      }),
      // Nobody would learn otherwise of a job that no machine can be found for.
      jobStateTimeLimitActions: [
        { reason: Reason.JOB_RESOURCE_REQUIREMENT, maxTime: Duration.minutes(30) },
        { reason: Reason.COMPUTE_ENVIRONMENT_MAX_RESOURCE, maxTime: Duration.hours(6) },
        { reason: Reason.INSUFFICIENT_INSTANCE_CAPACITY, maxTime: Duration.hours(6) },
      ],
    });
  }
}
