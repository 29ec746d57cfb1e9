import { existsSync } from 'node:fs';
import path from 'node:path';
import { readPage } from '../support/documentation';

/* docs/security.md: every row of a table with proofs names a test or a reason, and every named test exists. */

const root = path.resolve(__dirname, '../..');

/** Rows of the tables whose last column names proofs. */
const rows = readPage('docs/security.md')
  .split(/^#+ /m)
  .filter((section) => /\| (proof|test) +\|$/m.test(section))
  .flatMap((section) => section.split('\n').filter((line) => line.startsWith('| ')))
  .filter((line) => !/\| (proof|test|-+) +\|$/.test(line) && !line.startsWith('| -'))
  .map((line) => {
    const cells = line.split(/(?<!\\)\|/).slice(1, -1);
    return { what: (cells[0] ?? '').trim(), proof: (cells.at(-1) ?? '').trim() };
  });

test('the tables have proofs', () => {
  expect(rows.length).toBeGreaterThan(50);
});

test.each(rows)('$what', ({ proof }) => {
  const files = [...proof.matchAll(/`(test\/[\w./-]+)`|\]\(\.\.\/(test\/[\w./-]+)\)/g)].map(([, a, b]) => a ?? b ?? '');
  expect(files.length > 0 || /^(`npm run [\w-]+`|not applicable)$/.test(proof)).toBe(true);
  expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
});
