import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import type * as Cdk from 'aws-cdk-lib';
import type { RewindConfig } from '../config';
import type * as Construct from '../rewind-control';
import { named } from './check';
import type { Check } from './check';

interface Environment {
  account: string | undefined;
  region: string;
}

/** Creates the construct, which checks AWS limits and the region of ARNs, without writing a template. */
export function checkStack(config: RewindConfig, env: Environment): Check {
  const outdir = mkdtempSync(path.join(os.tmpdir(), 'rewind-deploy-check-'));
  try {
    const { App, Stack, RewindControl, resourcesOf } = modules();
    const app = new App({ outdir, autoSynth: false, context: { 'aws:cdk:bundling-stacks': [] } });
    const stack = new Stack(app, 'RewindControl', { env });
    new RewindControl(stack, 'Default', config);
    const { count, most } = resourcesOf(stack);
    return { check: 'stack', result: 'ok', found: `${count} of the ${most} resources that CloudFormation allows` };
  } catch (error) {
    const { name, message } = named(error);
    if (name === 'ConfigError') {
      const found = message
        .split('\n')
        .map((line) => line.trim())
        .join(' ');
      return { check: 'stack', result: 'failed', found, action: 'correct the configuration' };
    }
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    const action = 'npm install aws-cdk-lib constructs';
    return { check: 'stack', result: 'unknown', found: 'aws-cdk-lib is not installed', action };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/**
 * Loads this package's construct and the installed CDK, which are not in the bundle of this file. In a checkout, the package's
 * main module is TypeScript.
 */
function modules() {
  const load = createRequire(__filename);
  const main = load.resolve('rewind');
  const cdk = load('aws-cdk-lib') as typeof Cdk;
  if (main.endsWith('.ts')) load('tsx/cjs');
  return { ...cdk, ...(load(main) as typeof Construct) };
}
