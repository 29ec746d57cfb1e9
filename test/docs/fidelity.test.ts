import { existsSync } from 'node:fs';
import path from 'node:path';
import { checks } from '../../bin/verification/checks';
import { readPage } from '../support/documentation';

/* docs/fidelity.md: no row without a test, and each test and check that it names exists. */

const root = path.resolve(__dirname, '../..');
const rows = readPage('docs/fidelity.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (behaviour|-)/.test(line))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

test.each(rows)('%.80s', (behaviour, own = '', imitation = '', inAccount = '') => {
  expect(behaviour).toBeTruthy();
  const proofs = [...`${own} ${imitation}`.matchAll(/`([\w./-]+\.ts|npm run [^`]+)`/g)].map(([, proof = '']) => proof);
  expect(proofs).not.toEqual([]);
  for (const proof of proofs.filter((file) => file.endsWith('.ts')))
    expect(existsSync(path.join(root, proof))).toBe(true);
  expect(inAccount).not.toBe('');
  const named = [...inAccount.matchAll(/"([^"]+)"/g)].map(([, name]) => name);
  expect(checks.map(({ name }) => name)).toEqual(expect.arrayContaining(named));
});

test('every check of the verification is named', () => {
  const page = readPage('docs/fidelity.md');
  const missing = checks.filter(({ name }) => !page.includes(`"${name}"`));
  expect(missing).toEqual([]);
});
