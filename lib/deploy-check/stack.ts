import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import type * as Cdk from 'aws-cdk-lib';
import type { RewindConfig } from '../config';
import type * as Construct from '../rewind-control';
import type * as Worker from '../worker-stack';
import { named } from './check';
import type { Check } from './check';

interface Environment {
  account: string | undefined;
  region: string;
}

/**
 * Creates the stacks, which checks AWS limits, the region of ARNs and the worker's modules, without writing a template. Of the
 * npm package, only the control stack is created, because the package has no worker stack.
 */
export function checkStacks(config: RewindConfig, env: Environment): Check[] {
  const outdir = mkdtempSync(path.join(os.tmpdir(), 'rewind-deploy-check-'));
  try {
    const { App, Stack, RewindControl, resourcesOf, WorkerStack } = modules();
    const app = new App({ outdir, autoSynth: false, context: { 'aws:cdk:bundling-stacks': [] } });
    const checkOf = (check: string, create: () => Cdk.Stack): Check => {
      try {
        const { count, most } = resourcesOf(create());
        return { check, result: 'ok', found: `${count} of the ${most} resources that CloudFormation allows` };
      } catch (error) {
        return { check, result: 'failed', found: configProblem(error), action: 'correct the configuration' };
      }
    };
    const stack = new Stack(app, 'RewindControl', { env });
    let ledger: Construct.RewindControl['ledger'] | undefined;
    const checks = [
      checkOf('stack', () => {
        ({ ledger } = new RewindControl(stack, 'Default', config));
        return stack;
      }),
    ];
    const { worker } = config;
    if (ledger !== undefined && worker && WorkerStack) {
      const props = { ...config, worker, ledger, env };
      checks.push(checkOf('worker stack', () => new WorkerStack(app, 'RewindWorker', props)));
      if (worker.imageUri === undefined) checks.push(checkImageBuilder());
    }
    return checks;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    const action = 'npm install aws-cdk-lib constructs';
    return [{ check: 'stack', result: 'unknown', found: 'aws-cdk-lib is not installed', action }];
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Returns the problems of the configuration, in one line. Throws other errors. */
function configProblem(error: unknown): string {
  const { name, message } = named(error);
  if (name !== 'ConfigError') throw error;
  return message
    .split('\n')
    .map((line) => line.trim())
    .join(' ');
}

/** Checks whether the program with which the CDK builds the worker's image has a running engine. */
function checkImageBuilder(): Check {
  const check = 'worker image';
  const { CDK_DOCKER: builder = 'docker' } = process.env;
  const { error, status, stderr } = spawnSync(builder, ['info'], { encoding: 'utf8', timeout: 20_000 });
  if (status === 0) return { check, result: 'ok', found: `${builder} can build it` };
  const isMissing = error !== undefined && 'code' in error && error.code === 'ENOENT';
  const found = isMissing ? `there is no ${builder}` : `${builder} does not run: ${error?.message ?? stderr.trim()}`;
  const action = 'start Docker; or set CDK_DOCKER to another program, such as podman; or set worker.imageUri';
  return { check, result: 'failed', found, action };
}

/**
 * Loads this package's constructs and the installed CDK, which are not in the bundle of this file. In a checkout, the package's
 * main module is TypeScript.
 */
function modules() {
  const load = createRequire(__filename);
  const main = load.resolve('rewind');
  const cdk = load('aws-cdk-lib') as typeof Cdk;
  const isCheckout = main.endsWith('.ts');
  if (isCheckout) load('tsx/cjs');
  const { WorkerStack } = isCheckout
    ? (load(path.join(path.dirname(main), 'worker-stack')) as typeof Worker)
    : { WorkerStack: undefined };
  return { ...cdk, ...(load(main) as typeof Construct), WorkerStack };
}
