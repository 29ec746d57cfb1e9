import { App, CliCredentialsStackSynthesizer, Stack, Tags } from 'aws-cdk-lib';
import { CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { User } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { contextKey, parseConfig } from '../lib/config';
import { ControlStack } from '../lib/control-stack';
import { workerUserName } from './deployment-config';

/*
 * The CDK app of the local stack: the control stack as deployed to AWS, without the parts that MiniStack does not support.
 */

const app = new App();
const config = parseConfig(app.node.tryGetContext(contextKey(undefined)));
const stack = new ControlStack(app, 'RewindControl', {
  config,
  // Deploys with the caller's own keys instead of the bootstrap roles.
  synthesizer: new CliCredentialsStackSynthesizer(),
});
for (const [name, value] of Object.entries(config.tags)) Tags.of(app).add(name, value);
addWorkerUser(stack);
removeBusPolicies(stack);
allowQueuesWithoutTls(stack);
app.synth();

/** Adds an IAM user with the permissions of the worker's task role: locally the worker is a process and cannot assume a role. */
function addWorkerUser(scope: ControlStack): void {
  const { worker, namespaces } = config;
  const namespace = worker && namespaces[worker.namespace];
  if (!namespace) return;
  const user = new User(scope, 'WorkerUser', { userName: workerUserName });
  scope.ledger.grantSearchAndWrite(user);
  Secret.fromSecretCompleteArn(scope, 'WorkerSecret', namespace.secretArn).grantRead(user);
}

/** MiniStack does not support policies of event buses. */
function removeBusPolicies({ node }: Stack): void {
  for (const policy of node.findAll().filter((construct) => construct instanceof CfnEventBusPolicy)) {
    policy.node.scope?.node.tryRemoveChild(policy.node.id);
  }
}

/** Removes the denial of requests without TLS from queue policies, because MiniStack has no TLS. */
function allowQueuesWithoutTls({ node }: Stack): void {
  for (const policy of node.findAll().filter((construct) => construct instanceof CfnQueuePolicy)) {
    const { Statement: statements }: PolicyDocument = Stack.of(policy).resolve(policy.policyDocument);
    const others = statements.filter(
      ({ Condition: condition }) => condition?.Bool?.['aws:SecureTransport'] !== 'false',
    );
    if (others.length > 0) policy.policyDocument = { Version: '2012-10-17', Statement: others };
    else policy.node.scope?.node.tryRemoveChild(policy.node.id);
  }
}

interface PolicyDocument {
  Statement: { Condition?: { Bool?: Record<string, string> } }[];
}
