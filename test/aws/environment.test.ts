import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CONFIGURATION_FILE, configuredNamespaces, configuredTriggers, EnvironmentError } from '../../aws/environment';
import { temporaryFolder } from '../support/temporary-folder';

const connection = (name: string) => ({ address: `${name}:7233`, secretArn: `arn:${name}` });
const variable = (...names: string[]) => ({
  REWIND_NAMESPACES: JSON.stringify(Object.fromEntries(names.map((name) => [name, connection(name)]))),
});

const folders = temporaryFolder();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(`${folders}${path.sep}`);
});
const writeConfiguration = (configuration: object) =>
  writeFileSync(path.join(folder, CONFIGURATION_FILE), JSON.stringify(configuration));

test('merges the namespaces of the bundled file and of the environment variable', () => {
  expect([...configuredNamespaces(variable('a'), folder)]).toEqual([['a', connection('a')]]);
  writeConfiguration({ namespaces: { b: connection('b'), c: connection('c') } });
  expect([...configuredNamespaces({}, folder).keys()]).toEqual(['b', 'c']);
  expect([...configuredNamespaces(variable('a'), folder).keys()].toSorted()).toEqual(['a', 'b', 'c']);
});

test('names the variable in the error when neither exists', () => {
  expect(() => configuredNamespaces({}, folder)).toThrow(EnvironmentError);
  expect(() => configuredNamespaces({}, folder)).toThrow(/REWIND_NAMESPACES is not set/);
  expect(() => configuredNamespaces({ REWIND_NAMESPACES: 'prod' }, folder)).toThrow(/is not a JSON object/);
});

test('merges the triggers of the bundled file and of the environment variable', () => {
  const trigger = { namespace: 'prod', reason: 'r', workflowId: 'order-<$.detail.orderId>' };
  expect(configuredTriggers({}, folder)).toEqual({});
  writeConfiguration({ triggers: { a: trigger } });
  expect(configuredTriggers({}, folder)).toEqual({ a: trigger });
  expect(configuredTriggers({ REWIND_TRIGGERS: JSON.stringify({ b: trigger }) }, folder)).toEqual({
    a: trigger,
    b: trigger,
  });
  expect(() => configuredTriggers({ REWIND_TRIGGERS: '{' }, folder)).toThrow(/REWIND_TRIGGERS is not a JSON object/);
});
