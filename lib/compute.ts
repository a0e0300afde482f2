import { Duration, Tags, Validations } from 'aws-cdk-lib';
import * as batch from 'aws-cdk-lib/aws-batch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { FleetNetwork } from './fleet-network.ts';
import { instanceSetup, ROOT_DEVICE, ROOT_VOLUME_GIB } from './instance-setup.ts';

/** How long an instance that has nothing to do waits for the next job: starting one takes minutes. */
const SCALE_DOWN_DELAY_MINUTES = 20;

/** What ECS's agent needs: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html */
const ECS_INSTANCE_POLICY = 'service-role/AmazonEC2ContainerServiceforEC2Role';

export interface ComputeProps {
  readonly network: FleetNetwork;
  readonly instanceClasses: readonly string[];
  readonly imageType: batch.EcsMachineImageType;
  readonly maxVcpus: number;
  /** MiB/s of the volume that holds the scratch space of instances without disks of their own. @default what gp3 has by itself, 125 */
  readonly volumeThroughput?: number;
  /** Whether Spot instances alone are used. */
  readonly spotOnly: boolean;
}

/** Instances of one kind, of which there are none while there is nothing to do: Spot ones first, then On-Demand ones. */
export class Compute extends Construct {
  /** In the order in which they are tried. */
  readonly environments: readonly batch.ManagedEc2EcsComputeEnvironment[];
  readonly #props: ComputeProps;
  readonly #launchTemplate: ec2.LaunchTemplate;
  readonly #instanceRole: iam.Role;

  constructor(scope: Construct, id: string, props: ComputeProps) {
    super(scope, id);
    this.#props = props;
    this.#instanceRole = this.#newInstanceRole();
    this.#launchTemplate = this.#newLaunchTemplate();
    const spot = this.#environment('Spot', true);
    this.environments = props.spotOnly ? [spot] : [spot, this.#environment('OnDemand', false)];
  }

  #environment(id: string, spot: boolean): batch.ManagedEc2EcsComputeEnvironment {
    const { network, instanceClasses, imageType, maxVcpus } = this.#props;
    const environment = new batch.ManagedEc2EcsComputeEnvironment(this, id, {
      vpc: network.vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
      securityGroups: [network.securityGroup],
      instanceClasses: instanceClasses as ec2.InstanceClass[],
      // They have no GPU.
      useOptimalInstanceClasses: false,
      images: [{ imageType }],
      launchTemplate: this.#launchTemplate,
      instanceRole: this.#instanceRole,
      minvCpus: 0,
      maxvCpus: maxVcpus,
      spot,
      allocationStrategy: spot
        ? batch.AllocationStrategy.SPOT_PRICE_CAPACITY_OPTIMIZED
        : batch.AllocationStrategy.BEST_FIT_PROGRESSIVE,
      // Updates replace instances one by one, and let their jobs end.
      replaceComputeEnvironment: false,
      terminateOnUpdate: false,
      updateTimeout: Duration.hours(6),
      updateToLatestImageVersion: true,
    });
    const resource = environment.node.defaultChild as batch.CfnComputeEnvironment;
    // What the construct leaves out is $Default, which stays the first version for ever.
    resource.addPropertyOverride(
      'ComputeResources.LaunchTemplate.Version',
      this.#launchTemplate.latestVersionNumber,
    );
    resource.addPropertyOverride(
      'ComputeResources.ScalingPolicy.MinScaleDownDelayMinutes',
      SCALE_DOWN_DELAY_MINUTES,
    );
    return environment;
  }

  #newLaunchTemplate(): ec2.LaunchTemplate {
    const launchTemplate = new ec2.LaunchTemplate(this, 'LaunchTemplate', {
      userData: instanceSetup(),
      requireImdsv2: true,
      // Containers are one hop further away, and have no business there.
      httpPutResponseHopLimit: 1,
      blockDevices: [
        {
          deviceName: ROOT_DEVICE,
          volume: ec2.BlockDeviceVolume.ebs(ROOT_VOLUME_GIB, {
            volumeType: ec2.EbsDeviceVolumeType.GP3,
            encrypted: true,
            ...(this.#props.volumeThroughput !== undefined && { throughput: this.#props.volumeThroughput }),
          }),
        },
      ],
    });
    Tags.of(launchTemplate).add('Name', 'octet-worker');
    return launchTemplate;
  }

  #newInstanceRole(): iam.Role {
    const role = new iam.Role(this, 'InstanceRole', {
      assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName(ECS_INSTANCE_POLICY)],
    });
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${ECS_INSTANCE_POLICY}]`,
      reason: 'AWS keeps this policy in step with the ECS agent on the AMIs that Batch chooses.',
    });
    return role;
  }
}
