#!/usr/bin/env node
import { App, CliCredentialsStackSynthesizer } from 'aws-cdk-lib';
import { ConfigError, parseConfig } from '../lib/config';
import { ControlStack } from '../lib/control-stack';

// Set by the CDK CLI from the caller's credentials; absent on `cdk synth` without any.
const { CDK_DEFAULT_ACCOUNT, CDK_DEFAULT_REGION } = process.env;

try {
  const app = new App();
  const config = parseConfig(app.node.tryGetContext('rewind'));
  new ControlStack(app, 'RewindControl', {
    config,
    description: 'Rewind: cancels and resets Temporal workflows',
    ...(CDK_DEFAULT_ACCOUNT &&
      CDK_DEFAULT_REGION && { env: { account: CDK_DEFAULT_ACCOUNT, region: CDK_DEFAULT_REGION } }),
    ...(config.emulator && { synthesizer: new CliCredentialsStackSynthesizer() }),
  });
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  // Whoever deploys has a key to correct, not a stack trace to read.
  console.error(error.message);
  process.exitCode = 1;
}
