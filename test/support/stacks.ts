import { Stack } from 'aws-cdk-lib';
import type { Environment } from 'aws-cdk-lib';
import { parseConfig } from '../../lib/config';
import type { RewindConfigInput } from '../../lib/config';
import { Ledger } from '../../lib/constructs/ledger';
import { ControlStack } from '../../lib/control-stack';
import { WorkerStack } from '../../lib/worker-stack';
import { unbundledApp } from './unbundled-app';

export const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:rewind/prod-AbCdEf';

/** The `namespaces` of a configuration. */
export const namespaces = { 'prod.a1b2c': { address: 'prod.a1b2c.tmprl.cloud:7233', secretArn } };

type Config = Partial<RewindConfigInput>;

export const controlStack = (config: Config = {}, env?: Environment): ControlStack =>
  new ControlStack(unbundledApp(), 'Control', { env, config: { namespaces, ...config } });

/** The worker stack on a ledger without the rest of the control stack, which takes longer to synthesize. */
export function workerStack(input: Config = {}): WorkerStack {
  const app = unbundledApp();
  const { worker, ...config } = parseConfig({ namespaces, worker: { namespace: 'prod.a1b2c' }, ...input });
  const ledger = new Ledger(new Stack(app, 'Control'), 'Ledger', config.ledger);
  return new WorkerStack(app, 'Worker', { ...config, worker: worker!, ledger });
}

export function bothStacks(input: Config = {}, env?: Environment): { control: ControlStack; worker: WorkerStack } {
  const app = unbundledApp();
  const { worker, ...config } = parseConfig({ namespaces, worker: { namespace: 'prod.a1b2c' }, ...input });
  const control = new ControlStack(app, 'Control', { env, config: { worker, ...config } });
  return {
    control,
    worker: new WorkerStack(app, 'Worker', { env, ...config, worker: worker!, ledger: control.ledger }),
  };
}
