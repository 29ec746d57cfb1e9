import { GatewayVpcEndpointAwsService, Peer, Port, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { acknowledgeCheckov, encryptedByCloudWatch } from '../checkov-finding';

export interface WorkerNetworkProps {
  /** An existing VPC whose private subnets have egress, by NAT or transit gateway; a VPC is created when absent. */
  vpcId?: string | undefined;
  /** `host:port` of the Temporal frontend. */
  temporalAddress: string;
}

/** The worker's network: private subnets, no ingress, and egress to AWS and to Temporal only. */
export class WorkerNetwork extends Construct {
  readonly vpc: IVpc;
  readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, { vpcId, temporalAddress }: WorkerNetworkProps) {
    super(scope, id);
    this.vpc = vpcId === undefined ? this.newVpc() : Vpc.fromLookup(this, 'Vpc', { vpcId });
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: this.vpc,
      description: 'Rewind worker: out to AWS and Temporal, nothing in',
      allowAllOutbound: false,
    });
    const temporalPort = Number(temporalAddress.slice(temporalAddress.lastIndexOf(':') + 1));
    this.securityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'AWS: Secrets Manager, ECR, CloudWatch');
    if (temporalPort !== 443) this.securityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(temporalPort), 'Temporal');
  }

  private newVpc(): Vpc {
    const vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      // One for each zone: the worker has no other way to Temporal.
      natGateways: 2,
      subnetConfiguration: [
        { name: 'nat', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false, cidrMask: 28 },
        { name: 'worker', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 22 },
      ],
      restrictDefaultSecurityGroup: false,
    });
    const { logGroup } = vpc.addFlowLog('FlowLog');
    if (logGroup) acknowledgeCheckov(logGroup, encryptedByCloudWatch);
    // Image layers come from S3: free of charge this way, and past the NAT gateways.
    vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    return vpc;
  }
}
