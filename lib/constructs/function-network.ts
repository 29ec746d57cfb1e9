import { Fn } from 'aws-cdk-lib';
import { Peer, Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { NamespaceConfig, RewindConfig } from '../config';
import { RewindFunction } from './rewind-function';

/** Places all functions below the scope in the configured VPC, if there is one. Needs no lookup. */
export function placeFunctions(
  scope: Construct,
  { vpcId, subnetIds }: RewindConfig['functions'],
  namespaces: NamespaceConfig[],
): void {
  if (vpcId === undefined || subnetIds === undefined) return;
  const securityGroup = new SecurityGroup(scope, 'FunctionsSecurityGroup', {
    vpc: existingVpc(scope, 'FunctionsVpc', vpcId, subnetIds),
    description: 'Rewind functions: out to AWS and Temporal, nothing in',
    allowAllOutbound: false,
  });
  allowEgress(
    securityGroup,
    namespaces.map(({ address }) => address),
    'AWS: Secrets Manager, DynamoDB, EventBridge, SQS',
  );
  for (const construct of scope.node.findAll()) {
    if (construct instanceof RewindFunction) construct.placedIn(subnetIds, securityGroup);
  }
}

/** Imports a VPC with the given subnets, without a lookup. */
export function existingVpc(scope: Construct, id: string, vpcId: string, privateSubnetIds: string[]): IVpc {
  // The CDK requires a zone for each subnet. The zones do not appear in the template.
  const availabilityZones = privateSubnetIds.map((_, index) => Fn.select(index, Fn.getAzs()));
  return Vpc.fromVpcAttributes(scope, id, { vpcId, availabilityZones, privateSubnetIds });
}

/** Allows egress to AWS and to the ports of these Temporal addresses. @param aws description of the rule for AWS */
export function allowEgress(securityGroup: SecurityGroup, addresses: string[], aws: string): void {
  securityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(443), aws);
  const ports = new Set(addresses.map((address) => Number(address.slice(address.lastIndexOf(':') + 1))));
  ports.delete(443);
  for (const port of ports) securityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(port), 'Temporal');
}
