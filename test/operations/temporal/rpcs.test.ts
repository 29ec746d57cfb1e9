import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { rpcs } from '../../../operations/temporal/rpcs';

/** Directories that are bundled into functions; the worker is not. */
const folders = ['functions', 'operations', 'aws'];
const root = path.resolve(__dirname, '../../..');

const source = folders
  .flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => path.join(folder, file)),
  )
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(path.join(root, file), 'utf8'))
  .join('\n');

test('the bundles contain the messages of exactly the RPCs that the code calls', () => {
  const calls = /\bworkflowService\s*\.\s*(\w+)\(|\b(?:this\s*\.\s*(?:call|change)\(|callOver\(\s*\w+,)\s*'(\w+)'/g;
  const called = [...source.matchAll(calls)].map(([, onConnection, byName]) => onConnection ?? byName ?? '');
  expect(called.length).toBeGreaterThan(10);
  expect([...new Set(called)].toSorted()).toEqual([...rpcs]);
});

test('the code calls no other service: the bundles contain none of its messages', () => {
  // The last two of these call the workflow service's GetSystemInfo.
  expect(source).not.toMatch(/\b(operatorService|testService|healthService|ensureConnected|Connection\.connect)\b/);
});
