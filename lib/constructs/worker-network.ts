import { GatewayVpcEndpointAwsService, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { acknowledgeCheckov, encryptedByCloudWatch } from '../checkov-finding';
import { allowEgress, existingVpc } from './function-network';

export interface WorkerNetworkProps {
  /** An existing VPC whose private subnets have egress through a NAT or transit gateway. A VPC is created when absent. */
  vpcId?: string | undefined;
  /** Subnets for the tasks. When absent, the private subnets with egress are looked up. */
  subnetIds?: string[] | undefined;
  /** `host:port` of the Temporal frontend. */
  temporalAddress: string;
}

/** The worker's network: private subnets without ingress, and with egress on the ports of AWS and Temporal only. */
export class WorkerNetwork extends Construct {
  readonly vpc: IVpc;
  readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, { vpcId, subnetIds, temporalAddress }: WorkerNetworkProps) {
    super(scope, id);
    this.vpc = vpcId === undefined ? this.newVpc() : this.vpcWith(vpcId, subnetIds);
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: this.vpc,
      description: 'Rewind worker: out to AWS and Temporal, nothing in',
      allowAllOutbound: false,
    });
    allowEgress(this.securityGroup, [temporalAddress], 'AWS: Secrets Manager, ECR, CloudWatch');
  }

  private vpcWith(vpcId: string, subnetIds: string[] | undefined): IVpc {
    return subnetIds === undefined
      ? Vpc.fromLookup(this, 'Vpc', { vpcId })
      : existingVpc(this, 'Vpc', vpcId, subnetIds);
  }

  private newVpc(): Vpc {
    const vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      // One per zone, because the worker reaches Temporal through them.
      natGateways: 2,
      subnetConfiguration: [
        { name: 'nat', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false, cidrMask: 28 },
        { name: 'worker', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 22 },
      ],
      restrictDefaultSecurityGroup: false,
    });
    const { logGroup } = vpc.addFlowLog('FlowLog');
    if (logGroup) acknowledgeCheckov(logGroup, encryptedByCloudWatch);
    // Image layers are downloaded from S3. The gateway endpoint is free, unlike traffic through the NAT gateways.
    vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    return vpc;
  }
}
