import { Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import { RewindControl } from 'rewind';
import { ApprovedCancellation } from './approval/approved-cancellation';
import { ChatChannel } from './chat/chat-channel';
import { PipelineRoles } from './github-actions/pipeline-roles';
import { People, RewindStage } from './multi-account/multi-account';
import { CancelWorkflow } from './step-functions/cancel-workflow';

const env = (account: string) => ({ account, region: 'eu-west-1' });
const namespace = 'prod.a1b2c';
/** A namespace whose secret is in this account. */
const namespacesOf = (name: string, account: string, secret: string) => ({
  [name]: {
    address: `${name}.tmprl.cloud:7233`,
    secretArn: `arn:aws:secretsmanager:eu-west-1:${account}:secret:rewind/${secret}`,
  },
});

/** Creates one stack with Rewind and all examples for pipelines and people. Copy the parts that you use into your app. */
export function addRewind(app: App) {
  const stack = new Stack(app, 'RewindControl', { env: env('111122223333') });
  const namespaces = namespacesOf(namespace, '111122223333', 'prod-AbCdEf');
  const rewind = new RewindControl(stack, 'Rewind', { namespaces, dashboard: false });
  return {
    stack,
    cancelWorkflow: new CancelWorkflow(stack, 'CancelWorkflow', { rewind, namespace }),
    approval: new ApprovedCancellation(stack, 'Approval', {
      rewind,
      namespace,
      approvers: ['arn:aws:iam::111122223333:role/incident-manager'],
    }),
    chat: new ChatChannel(stack, 'Chat', {
      rewind,
      namespace,
      slackWorkspaceId: 'T0A1B2C3D',
      slackChannelId: 'C0A1B2C3D',
    }),
    pipeline: new PipelineRoles(stack, 'Pipeline', {
      rewind,
      namespace,
      subject: 'repo:acme@123456/orders@456789:environment:production',
    }),
  };
}

/** Deploys Rewind to two accounts, with permission sets for the people who use it. */
export function addAccounts(app: App) {
  const accounts = { staging: '444455556666', production: '111122223333' };
  const stages = [
    new RewindStage(app, 'Staging', {
      env: env(accounts.staging),
      namespaces: namespacesOf('staging.a1b2c', accounts.staging, 'staging-GhIjKl'),
    }),
    new RewindStage(app, 'Production', {
      env: env(accounts.production),
      namespaces: namespacesOf(namespace, accounts.production, 'prod-AbCdEf'),
    }),
  ];
  const people = new People(app, 'People', {
    env: env('777788889999'),
    instanceArn: 'arn:aws:sso:::instance/ssoins-0123456789abcdef',
    accounts: Object.values(accounts),
    groups: {
      support: '11111111-1111-1111-1111-111111111111',
      'on-call': '22222222-2222-2222-2222-222222222222',
      repair: '33333333-3333-3333-3333-333333333333',
    },
  });
  return { stages, people };
}
