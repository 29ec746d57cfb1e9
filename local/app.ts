import { App, CliCredentialsStackSynthesizer, Stack, Tags } from 'aws-cdk-lib';
import { CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { User } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { contextKey, parseConfig } from '../lib/config';
import { ControlStack } from '../lib/control-stack';
import { workerUserName } from './deployment-config';

/*
 * The CDK app of the local stack: the control stack as it is deployed to AWS, but for what MiniStack cannot do.
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

/** The worker is a process here: it has the rights of its task's role as a user. */
function addWorkerUser(scope: ControlStack): void {
  const { worker, namespaces } = config;
  const namespace = worker && namespaces[worker.namespace];
  if (!namespace) return;
  const user = new User(scope, 'WorkerUser', { userName: workerUserName });
  scope.ledger.grantSearchAndWrite(user);
  Secret.fromSecretCompleteArn(scope, 'WorkerSecret', namespace.secretArn).grantRead(user);
}

/** MiniStack has no policies of event buses. */
function removeBusPolicies({ node }: Stack): void {
  for (const policy of node.findAll().filter((construct) => construct instanceof CfnEventBusPolicy)) {
    policy.node.scope?.node.tryRemoveChild(policy.node.id);
  }
}

/** MiniStack has no TLS, so a queue that denies requests without it takes none. */
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
