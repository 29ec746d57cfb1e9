import { mkdtempSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { parseConfig } from '../../../lib/config';
import type { RewindConfigInput } from '../../../lib/config';
import { ControlStack } from '../../../lib/control-stack';
import { WorkerStack } from '../../../lib/worker-stack';
import type { DeployedFunction } from './lambda-function';

// As in unbundled-app.ts.
process.env['CDK_VALIDATION'] = 'false';

type Resources = Record<string, { Type: string; Properties: Record<string, unknown> }>;

/**
 * Synthesizes every function of both stacks, by its directory in functions/: its bundle and its settings in the template.
 * @param config with a worker
 * @param references values for references in environment variables, by resource type
 * @returns also the output folder, which the caller removes
 */
export function deployedFunctions(
  config: RewindConfigInput,
  references: Record<string, string>,
): { functions: Map<string, DeployedFunction>; folder: string } {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rewind-functions-'));
  const app = new App({ outdir: folder });
  const { worker, ...parsed } = parseConfig(config);
  if (!worker) throw new Error('the configuration has no worker');
  const control = new ControlStack(app, 'RewindControl', { config });
  const workers = new WorkerStack(app, 'RewindWorker', { worker, ...parsed, ledger: control.ledger });
  const functions = [control, workers].flatMap((stack) => {
    const resources = Template.fromStack(stack).toJSON()['Resources'] as Resources;
    const valueOf = (value: unknown): string => {
      if (typeof value === 'string') return value;
      const { Ref: id = '' } = value as { Ref?: string };
      const found = references[resources[id]?.Type ?? id];
      if (found === undefined) throw new Error(`nothing stands for ${JSON.stringify(value)}`);
      return found;
    };
    return Object.values(resources)
      .filter(({ Type: type, Properties: { Handler: handler } }) => type === 'AWS::Lambda::Function' && handler)
      .flatMap(({ Properties: properties }): [string, DeployedFunction][] => {
        const { Role: role, Handler: handler, Timeout: timeout, Environment: environment } = properties;
        const [roleId = ''] = (role as { 'Fn::GetAtt': string[] })['Fn::GetAtt'];
        const { Description: description = '' } = resources[roleId]?.Properties ?? {};
        const [, name] = /^Rewind function ([\w-]+)$/.exec(String(description)) ?? [];
        if (name === undefined) return [];
        const { Variables: variables } = environment as { Variables: Record<string, unknown> };
        const [address = ''] = readdirSync(path.join(folder, 'rewind-functions', name));
        const values = Object.entries(variables).map(([variable, value]) => [variable, valueOf(value)]);
        return [
          [
            name,
            {
              code: path.join(folder, 'rewind-functions', name, address),
              handler: String(handler),
              timeoutSeconds: Number(timeout),
              environment: Object.fromEntries(values) as Record<string, string>,
            },
          ],
        ];
      });
  });
  return { functions: new Map(functions), folder };
}
