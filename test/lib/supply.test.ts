import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/* What comes in with npm, and what must not get into git. */

const root = path.resolve(__dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

interface LockedPackage {
  version: string;
  license?: string;
  dev?: boolean;
  integrity?: string;
  inBundle?: boolean;
  hasInstallScript?: boolean;
}
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, LockedPackage> };
const locked = Object.entries(packages).filter(([place]) => place !== '');
const nameOf = (place: string) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
const manifest = JSON.parse(read('package.json')) as Record<
  'dependencies' | 'devDependencies',
  Record<string, string>
> & {
  allowScripts: Record<string, boolean>;
};

test('every package is locked by its checksum, and every dependency is one exact version', () => {
  // What comes inside another package is under that one's checksum.
  const unchecked = locked.filter(([, { integrity, inBundle }]) => integrity === undefined && inBundle !== true);
  expect(unchecked).toEqual([]);
  for (const version of Object.values({ ...manifest.dependencies, ...manifest.devDependencies })) {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  }
});

test('no install script runs, and each package that has one was decided on', () => {
  expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
  const scripted = locked.filter(([, { hasInstallScript }]) => hasInstallScript).map(([place]) => nameOf(place));
  expect(Object.fromEntries(scripted.map((name) => [name, false]))).toEqual(manifest.allowScripts);
});

/** Of what is shipped, in functions and image: may be used, changed and passed on in closed products. */
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
const listHead = `# Licences

Of the packages that Rewind depends on where it runs, from package-lock.json. Written by \`UPDATE_DOCS=1 npx jest test/lib/supply\`;
\`npm run sbom\` has the versions, and the tools.`;

/** Licences that the lockfile does not tell, or of data, each looked at. */
const lookedAt: Record<string, string> = {
  // LICENSE file in the package: the Unlicense.
  unionfs: 'Unlicense',
  // Data on browsers, of webpack's, which bundles the worker's workflows: attribution, and not shipped.
  'caniuse-lite': 'CC-BY-4.0',
};

test('the licences of what is shipped are permissive, and listed in docs/licences.md', () => {
  const shipped = locked.filter(([, { dev }]) => !dev);
  const licences = new Map(shipped.map(([place, { license }]) => [nameOf(place), license ?? lookedAt[nameOf(place)]]));
  const others = [...licences].filter(([name, licence = '']) => !permissive.has(licence) && lookedAt[name] !== licence);
  expect(others).toEqual([]);

  const rows = [...licences].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, licence]) => `- ${name}: ${licence}`);
  const list = `${listHead}\n\n${rows.join('\n')}\n`;
  if (process.env['UPDATE_DOCS']) writeFileSync(path.join(root, 'docs/licences.md'), list);
  expect(read('docs/licences.md')).toBe(list);
});

/** What a key looks like that must never be in git. */
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
