import { Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';

export interface FleetNetworkProps {
  /** @default a VPC of its own */
  readonly vpc?: ec2.IVpc | undefined;
  /** Of the VPC of its own. @default two of the region's */
  readonly availabilityZones?: readonly string[] | undefined;
}

/**
 * Where the fleet's instances are: in public subnets, since a NAT gateway costs more an hour than it would protect, with no
 * way in.
 */
export class FleetNetwork extends Construct {
  readonly vpc: ec2.IVpc;
  readonly securityGroup: ec2.SecurityGroup;

  constructor(scope: Construct, id: string, { vpc, availabilityZones }: FleetNetworkProps) {
    super(scope, id);
    this.vpc = vpc ?? this.#ownVpc(availabilityZones);
    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: this.vpc,
      description: 'Octet workers: nothing comes in',
      allowAllOutbound: true,
    });
  }

  #ownVpc(availabilityZones: readonly string[] | undefined): ec2.Vpc {
    const vpc = new ec2.Vpc(this, 'Vpc', {
      ...(availabilityZones && { availabilityZones: [...availabilityZones] }),
      natGateways: 0,
      subnetConfiguration: [{ name: 'workers', subnetType: ec2.SubnetType.PUBLIC }],
      gatewayEndpoints: {
        S3: { service: ec2.GatewayVpcEndpointAwsService.S3 },
        DynamoDB: { service: ec2.GatewayVpcEndpointAwsService.DYNAMODB },
      },
      // It needs a custom resource, and the default group is used by nothing.
      restrictDefaultSecurityGroup: false,
    });
    Validations.of(vpc).acknowledge({
      id: 'AwsSolutions-VPC7',
      reason:
        'Workers fetch and upload whole videos, so flow logs would cost more than the instances; nothing can connect to them.',
    });
    return vpc;
  }
}
