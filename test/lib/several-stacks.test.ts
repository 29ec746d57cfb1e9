import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { App, Stage } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CONFIGURATION_FILE } from '../../aws/environment';
import { ControlStack } from '../../lib/control-stack';

/* Several stacks in one app, with the bundled functions: unbundledApp() has no assets to compare. */

// As in unbundled-app.ts.
process.env['CDK_VALIDATION'] = 'false';

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(path.join(os.tmpdir(), 'rewind-several-stacks-'));
});
afterEach(() => rmSync(outdir, { recursive: true }));

const configOf = (namespace: string) => ({
  namespaces: {
    [namespace]: {
      address: `${namespace}.tmprl.cloud:7233`,
      secretArn: `arn:aws:secretsmanager:eu-west-1:111122223333:secret:rewind/${namespace}-AbCdEf`,
    },
  },
  dashboard: false,
});

interface Properties {
  Code: { S3Key: string };
}

/** Returns the namespaces in the deployed code of all functions that have any, without duplicates. */
function namespacesIn(stack: Stack): string[] {
  const functions = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function')).map(
    ({ Properties: properties }) => properties as Properties,
  );
  const names = functions.flatMap(({ Code: { S3Key: key } }) => {
    const folder = path.join(outdir, `asset.${key.replace(/\.zip$/, '')}`);
    return configuredIn(path.join(folder, CONFIGURATION_FILE));
  });
  expect(names.length).toBeGreaterThan(10);
  return [...new Set(names)];
}

function configuredIn(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  return Object.keys((JSON.parse(text) as { namespaces: object }).namespaces);
}

test.each([
  ['stacks of an app', (app: App) => app],
  ['stages of an app', (app: App, name: string) => new Stage(app, name)],
])('%s have functions with the configuration of their own stack', (_what, scopeOf) => {
  const app = new App({ outdir, treeMetadata: false });
  const [staging, production] = ['staging.a1b2c', 'prod.a1b2c'].map(
    (namespace, index) =>
      new ControlStack(scopeOf(app, `Stage${index}`), `Rewind${index}`, { config: configOf(namespace) }),
  );
  expect(namespacesIn(staging!)).toEqual(['staging.a1b2c']);
  expect(namespacesIn(production!)).toEqual(['prod.a1b2c']);
});
