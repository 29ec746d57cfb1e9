import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';
import { writeFunctionAsset } from '../lib/bundling/function-asset';
import { functionBundles } from '../lib/bundling/function-bundles';

/*
 * `npm run package` writes the npm package to dist/package: JavaScript and declarations of the modules in `entries`, the
 * bundled functions, the command, and a package.json with the dependencies that are not bundled. `npm pack ./dist/package`
 * packs it.
 */

const root = path.resolve(__dirname, '..');
const target = path.join(root, 'dist', 'package');
const types = path.join(target, 'types');

/** The modules in the package's `exports`. */
const entries = {
  '.': { source: 'lib/rewind-control.ts', file: 'index.js' },
  './client': { source: 'client/rewind-client.ts', file: 'client.js' },
  './worker': { source: 'worker/own-worker.ts', file: 'worker.js' },
  './workflows': { source: 'worker/workflows/index.ts', file: 'workflows.js' },
};

/** Packages that are installed with this package. All others are bundled. */
const dependencies = ['@aws-sdk/credential-provider-node', '@smithy/signature-v4', 'openapi-fetch', 'zod'];
/** Optional peer dependencies, of the construct and of the worker. */
const optionalPeers = {
  'aws-cdk-lib': '^2.276.0',
  constructs: '^10.8.1',
  ...Object.fromEntries(
    ['activity', 'client', 'common', 'worker', 'workflow'].map((name) => [`@temporalio/${name}`, '^1.24.0']),
  ),
};

interface Manifest {
  version: string;
  description: string;
  license: string;
  engines: object;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

async function main(): Promise<void> {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  await bundleModules();
  writeDeclarations();
  for (const bundle of functionBundles({ trim: true }).values()) {
    writeFunctionAsset(bundle, path.join(target, 'functions', bundle.name));
  }
  execFileSync(process.execPath, [path.join(root, 'cli/build.cjs')], { stdio: 'inherit' });
  const command = readFileSync(path.join(root, 'dist', 'rewind.cjs'), 'utf8');
  writeFileSync(path.join(target, 'rewind.cjs'), `#!/usr/bin/env node\n${command}`, { mode: 0o755 });
  copyFileSync(path.join(root, 'dist', 'deploy-check.cjs'), path.join(target, 'deploy-check.cjs'));
  cpSync(path.join(root, 'dist', 'console'), path.join(target, 'console'), { recursive: true });
  for (const file of ['README.md', 'CHANGELOG.md', 'LICENSE'])
    copyFileSync(path.join(root, file), path.join(target, file));
  writeFileSync(path.join(target, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
}

async function bundleModules(): Promise<void> {
  const external = [...dependencies, ...Object.keys(optionalPeers)].flatMap((name) => [name, `${name}/*`]);
  for (const { source, file } of Object.values(entries)) {
    await build({
      absWorkingDir: root,
      entryPoints: [source],
      outfile: path.join(target, file),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      keepNames: true,
      mainFields: ['module', 'main'],
      external,
      plugins: [packagedFunctions],
      logLevel: 'error',
    });
  }
}

const packagedFunctions: Plugin = {
  name: 'packaged-functions',
  setup(bundling) {
    bundling.onResolve({ filter: /\/bundling\/function-bundles$/ }, () => ({
      path: path.join(root, 'lib/bundling/packaged-functions.ts'),
    }));
  },
};

/** Writes the declarations of the entries and of the modules that they import. */
function writeDeclarations(): void {
  const configuration = path.join(root, 'dist', 'package.tsconfig.json');
  const compilerOptions = { noEmit: false, declaration: true, emitDeclarationOnly: true, outDir: types, rootDir: root };
  const files = Object.values(entries).map(({ source }) => path.join(root, source));
  writeFileSync(
    configuration,
    JSON.stringify({ extends: path.join(root, 'tsconfig.json'), compilerOptions, files, include: [] }),
  );
  // `npm run check` checks the types.
  const options = ['--project', configuration, '--noCheck', '--singleThreaded'];
  execFileSync(path.join(root, 'node_modules/.bin/tsc'), options, { stdio: 'inherit' });
  rmSync(configuration);
  const needed = new Set<string>();
  for (const { source } of Object.values(entries)) addImports(declarationOf(source), needed);
  for (const file of readdirSync(types, { recursive: true, encoding: 'utf8' })) {
    const declaration = path.join(types, file);
    if (file.endsWith('.d.ts') && !needed.has(declaration)) rmSync(declaration);
  }
}

const declarationOf = (source: string) => path.join(types, source.replace(/\.ts$/, '.d.ts'));

/** Adds a declaration file and all that it imports, directly or indirectly. */
function addImports(file: string, found: Set<string>): void {
  if (found.has(file)) return;
  found.add(file);
  for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(/(?:from |import\()['"](\.[^'"]+)['"]/g)) {
    const base = path.resolve(path.dirname(file), specifier);
    addImports(existsSync(`${base}.d.ts`) ? `${base}.d.ts` : path.join(base, 'index.d.ts'), found);
  }
}

function manifest(): object {
  const own = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
  const versions = { ...own.devDependencies, ...own.dependencies };
  const declarations = ({ source, file }: { source: string; file: string }) => ({
    types: `./types/${source.replace(/\.ts$/, '.d.ts')}`,
    default: `./${file}`,
  });
  return {
    name: 'rewind',
    version: own.version,
    description: own.description,
    license: own.license,
    engines: own.engines,
    main: './index.js',
    types: declarations(entries['.']).types,
    bin: { rewind: './rewind.cjs', 'temporal-rewind': './rewind.cjs' },
    exports: {
      ...Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, declarations(entry)])),
      './package.json': './package.json',
    },
    dependencies: Object.fromEntries(dependencies.map((name) => [name, versions[name]])),
    peerDependencies: optionalPeers,
    peerDependenciesMeta: Object.fromEntries(Object.keys(optionalPeers).map((name) => [name, { optional: true }])),
  };
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
