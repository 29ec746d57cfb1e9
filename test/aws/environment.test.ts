import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { configuredNamespaces, EnvironmentError, NAMESPACES_FILE } from '../../aws/environment';

const connection = (name: string) => ({ address: `${name}:7233`, secretArn: `arn:${name}` });
const variable = (...names: string[]) => ({
  REWIND_NAMESPACES: JSON.stringify(Object.fromEntries(names.map((name) => [name, connection(name)]))),
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'rewind-environment-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const writeNamespaces = (...names: string[]) =>
  writeFileSync(path.join(folder, NAMESPACES_FILE), variable(...names).REWIND_NAMESPACES);

test('the namespaces are those of the file beside the code and those of the variable', () => {
  expect([...configuredNamespaces(variable('a'), folder)]).toEqual([['a', connection('a')]]);
  writeNamespaces('b', 'c');
  expect([...configuredNamespaces({}, folder).keys()]).toEqual(['b', 'c']);
  expect([...configuredNamespaces(variable('a'), folder).keys()].toSorted()).toEqual(['a', 'b', 'c']);
});

test('without either, the error names the variable', () => {
  expect(() => configuredNamespaces({}, folder)).toThrow(EnvironmentError);
  expect(() => configuredNamespaces({}, folder)).toThrow(/REWIND_NAMESPACES is not set/);
  expect(() => configuredNamespaces({ REWIND_NAMESPACES: 'prod' }, folder)).toThrow(/is not a JSON object/);
});
