import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isCheckedByHand, runtimeLicences } from '../../bin/generated/licences';

/* Packages from npm, and secrets that must not be in git. */

const root = path.resolve(__dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

interface LockedPackage {
  version: string;
  integrity?: string;
  inBundle?: boolean;
  hasInstallScript?: boolean;
}
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, LockedPackage> };
const locked = Object.entries(packages).filter(([place]) => place !== '');
const nameOf = (place: string) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
const manifest = JSON.parse(read('package.json')) as Record<
  'dependencies' | 'devDependencies' | 'scripts',
  Record<string, string>
> & {
  version: string;
  allowScripts: Record<string, boolean>;
};

test('every package has a locked checksum, and every dependency an exact version', () => {
  // What comes inside another package is under that one's checksum.
  const unchecked = locked.filter(([, { integrity, inBundle }]) => integrity === undefined && inBundle !== true);
  expect(unchecked).toEqual([]);
  for (const version of Object.values({ ...manifest.dependencies, ...manifest.devDependencies })) {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  }
});

test('no install script runs, and each package with one is listed with a decision', () => {
  expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
  const scripted = locked.filter(([, { hasInstallScript }]) => hasInstallScript).map(([place]) => nameOf(place));
  expect(Object.fromEntries(scripted.map((name) => [name, false]))).toEqual(manifest.allowScripts);
});

/** Licences allowed in functions and image: they permit use, changes and distribution in closed products. */
const permissive = new Set([
  '0BSD',
  'Apache-2.0',
  'Apache-2.0 AND MIT',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
]);

test('the licences of shipped packages are permissive', () => {
  const licences = [...runtimeLicences(root)];
  expect(licences.length).toBeGreaterThan(30);
  const others = licences.filter(([name, licence]) => !permissive.has(licence) && !isCheckedByHand(name, licence));
  expect(others).toEqual([]);
});

/** Patterns of keys that must never be in git. */
const secrets: [what: string, pattern: RegExp][] = [
  ['a private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s*[A-Za-z0-9+/]{40}/],
  ['an AWS access key', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  ['a JSON web token, as Temporal Cloud’s API keys are', /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/],
];

test('no secret is in git', () => {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
  expect(files.length).toBeGreaterThan(100);
  const findings = files.flatMap((file) => {
    const content = read(file);
    return secrets.filter(([, pattern]) => pattern.test(content)).map(([what]) => `${file}: ${what}`);
  });
  expect(findings).toEqual([]);
});

describe('GitHub Actions', () => {
  const workflows = ['.github/workflows', 'examples/github-actions'].flatMap((folder) =>
    readdirSync(path.join(root, folder))
      .filter((name) => name.endsWith('.yml'))
      .map((name) => read(`${folder}/${name}`)),
  );

  test('every action is pinned to a commit, with its version beside it for updates', () => {
    const actions = workflows.flatMap((workflow) => workflow.match(/(?<=^ *(?:- )?uses: ).*/gm) ?? []);
    expect(actions.length).toBeGreaterThan(5);
    for (const action of actions) expect(action).toMatch(/^[\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    expect(read('.github/dependabot.yml')).toMatch(/package-ecosystem: github-actions/);
  });

  test('every npm script that is run is in package.json', () => {
    const scripts = workflows.flatMap((workflow) => [...workflow.matchAll(/npm (?:run (?:--silent )?)([\w:]+)/g)]);
    expect(scripts.length).toBeGreaterThan(5);
    for (const [, script = ''] of scripts) expect(Object.keys(manifest.scripts)).toContain(script);
  });
});

describe('releases', () => {
  const headings = [...read('CHANGELOG.md').matchAll(/^## (.*)$/gm)].map(([, heading = '']) => heading);
  const [unreleased, ...releases] = headings;

  test('CHANGELOG.md has the form of Keep a Changelog', () => {
    expect(unreleased).toBe('Unreleased');
    for (const release of releases) expect(release).toMatch(/^\d+\.\d+\.\d+ - \d{4}-\d{2}-\d{2}$/);
    const kinds = [...read('CHANGELOG.md').matchAll(/^### (.*)$/gm)].map(([, kind = '']) => kind);
    expect(['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security']).toEqual(expect.arrayContaining(kinds));
  });

  test('the newest release is the version of package.json', () => {
    expect(releases[0]?.split(' ')[0] ?? '0.1.0').toBe(manifest.version);
  });
});
