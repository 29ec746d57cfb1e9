#!/usr/bin/env node
import { Annotations, App, Tags } from 'aws-cdk-lib';
import { ConfigError, contextKey, parseConfig, readConfigFile } from '../lib/config';
import { ControlStack } from '../lib/control-stack';
import { WorkerStack } from '../lib/worker-stack';

// Set by the CDK CLI from the caller's credentials. Absent with `cdk synth` without credentials.
const { CDK_DEFAULT_ACCOUNT, CDK_DEFAULT_REGION } = process.env;

let isExample = false;
const aboutExample =
  'cdk.json has the example namespace; name your configuration with -c config=rewind.json: see "Deploy it" in README.md';

try {
  // Without autoSynth: at the end of the process, it would synthesize an incomplete app if the configuration is invalid.
  const app = new App({ autoSynth: false });
  const stage: unknown = app.node.tryGetContext('stage');
  const key = contextKey(stage);
  // From `-c config=FILE`, or from the context key of the stage in cdk.json.
  const file: unknown = app.node.tryGetContext('config');
  const config = parseConfig(typeof file === 'string' ? readConfigFile(file) : app.node.tryGetContext(key), key);
  isExample = 'your-namespace.a1b2c' in config.namespaces;
  const suffix = stage === undefined ? '' : `-${stage as string}`;
  const stackProps =
    CDK_DEFAULT_ACCOUNT && CDK_DEFAULT_REGION
      ? { env: { account: CDK_DEFAULT_ACCOUNT, region: CDK_DEFAULT_REGION } }
      : {};
  const control = new ControlStack(app, `RewindControl${suffix}`, {
    ...stackProps,
    config,
    description: 'Rewind: cancels and resets Temporal workflows',
  });
  const { worker, namespaces, logLevel, functions, alarmTopicArn, runbookUrl } = config;
  if (worker) {
    new WorkerStack(app, `RewindWorker${suffix}`, {
      ...stackProps,
      worker,
      namespaces,
      logLevel,
      functions,
      alarmTopicArn,
      runbookUrl,
      ledger: control.ledger,
      description: 'Rewind: the Temporal worker',
    });
  }
  for (const [name, value] of Object.entries(config.tags)) Tags.of(app).add(name, value);
  if (isExample) Annotations.of(control).addWarningV2('rewind:exampleNamespace', aboutExample);
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  // The message of a ConfigError is sufficient without a stack trace.
  console.error(error.message);
  if (isExample) console.error(aboutExample);
  process.exitCode = 1;
}
