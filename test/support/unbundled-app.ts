import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';

// The CDK checks every synthesized template against CloudFormation's schemas, which takes seconds. rules.test.ts does it.
process.env['CDK_VALIDATION'] = 'false';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/**
 * An app for assertions on templates: it bundles no code, copies no assets and records no stack traces. Its output is
 * removed after the file's tests.
 */
export function unbundledApp(): App {
  const outdir = mkdtempSync(path.join(os.tmpdir(), 'rewind-templates-'));
  folders.push(outdir);
  const context = {
    'aws:cdk:bundling-stacks': [],
    'aws:cdk:disable-asset-staging': true,
    // Separate from `stackTraces`, and an eighth of the time.
    'aws:cdk:disable-creation-stack-traces': true,
  };
  return new App({ outdir, stackTraces: false, treeMetadata: false, context });
}
