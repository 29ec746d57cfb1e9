import { Stack } from 'aws-cdk-lib';
import type { IAspect } from 'aws-cdk-lib';
import { AnyPrincipal, CfnManagedPolicy, CfnRole, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { PolicyStatementProps } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct, IConstruct } from 'constructs';

/** Sets the path of every role and managed policy, by which the company’s own policies identify them. */
export class RolePath implements IAspect {
  constructor(private readonly path: string) {}

  visit(node: IConstruct): void {
    if (node instanceof CfnRole || node instanceof CfnManagedPolicy) node.path = this.path;
  }
}

/** Sets the retention of all log groups in days, to a number that CloudWatch accepts. */
export class LogRetention implements IAspect {
  constructor(private readonly days: number) {}

  visit(node: IConstruct): void {
    if (node instanceof CfnLogGroup) node.retentionInDays = this.days;
  }
}

/** A key for logs, queues and topics. */
export class CompanyKey extends Key {
  constructor(scope: Construct, id: string) {
    super(scope, id, { enableKeyRotation: true });
    const { account, region, urlSuffix } = Stack.of(this);
    const use = ['kms:Decrypt', 'kms:GenerateDataKey*'];
    const ownAccount = { StringEquals: { 'aws:SourceAccount': account } };
    this.allow({
      actions: use,
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      conditions: ownAccount,
    });
    // No condition, because EventBridge’s deliveries do not set `aws:SourceAccount`: with it, events would be lost.
    this.allow({ actions: use, principals: [new ServicePrincipal('events.amazonaws.com')] });
    // Like SQS’s own key: principals that may use a queue may use the key through it.
    const throughQueues = { 'kms:CallerAccount': account, 'kms:ViaService': `sqs.${region}.${urlSuffix}` };
    this.allow({ actions: use, principals: [new AnyPrincipal()], conditions: { StringEquals: throughQueues } });
    const logGroups = Stack.of(this).formatArn({ service: 'logs', resource: '*' });
    this.allow({
      actions: [...use, 'kms:Encrypt', 'kms:ReEncrypt*', 'kms:Describe*'],
      principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
    });
  }

  private allow(statement: Omit<PolicyStatementProps, 'resources'>): void {
    this.addToResourcePolicy(new PolicyStatement({ ...statement, resources: ['*'] }));
  }
}

/** Encrypts all log groups and queues with a key. */
export class EncryptedLogsAndQueues implements IAspect {
  constructor(private readonly key: IKey) {}

  visit(node: IConstruct): void {
    if (node instanceof CfnLogGroup) node.kmsKeyId = this.key.keyArn;
    if (!(node instanceof CfnQueue)) return;
    node.kmsMasterKeyId = this.key.keyArn;
    node.sqsManagedSseEnabled = undefined;
  }
}
