import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { parseConfig } from '../lib/config';
import { ControlStack } from '../lib/control-stack';
import { NAMESPACE } from './floor/temporal';

const secretArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:rewind-AbCdEf';

/** The default configuration, with one namespace. */
export const defaultConfig = parseConfig({
  namespaces: { [NAMESPACE]: { address: 'temporal.example:7233', secretArn } },
});

/** What is deployed of it, without the functions' code. */
export function controlStackTemplate(): Template {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  return Template.fromStack(new ControlStack(app, 'RewindControl', { config: defaultConfig }));
}
