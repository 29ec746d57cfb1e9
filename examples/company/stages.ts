import { Tags } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import { RewindStack } from './rewind-stack';

const env = { account: '111122223333', region: 'eu-west-1' };
const arn = (service: string, resource: string) => `arn:aws:${service}:${env.region}:${env.account}:${resource}`;

/** Adds two stages in one account. The names of their resources begin with the stack’s name. */
export function addStages(app: App): { production: RewindStack; staging: RewindStack } {
  const production = new RewindStack(app, 'acme-rewind-production', {
    env,
    namespace: 'prod.a1b2c',
    secretArn: arn('secretsmanager', 'secret:rewind/prod-AbCdEf'),
    domainName: 'rewind.acme.example',
    certificateArn: arn('acm', 'certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9'),
  });
  const staging = new RewindStack(app, 'acme-rewind-staging', {
    env,
    namespace: 'staging.a1b2c',
    secretArn: arn('secretsmanager', 'secret:rewind/staging-AbCdEf'),
    domainName: 'rewind-staging.acme.example',
    certificateArn: arn('acm', 'certificate/1b2c3d4e-5f60-7182-93a4-b5c6d7e8f90a'),
    ledgerStreamArn: arn('dynamodb', 'table/acme-ledger/stream/2026-01-01T00:00:00.000'),
  });
  Tags.of(app).add('cost-centre', '4711');
  return { production, staging };
}
