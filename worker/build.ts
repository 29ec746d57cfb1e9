import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';
import { bundleWorkflows } from './code';

/*
 * Bundles the worker for its image: `tsx worker/build.ts [folder]`, by default into dist/worker. The folder then contains
 * everything that the worker needs except Node.js itself, without node_modules and compilers. worker/Dockerfile runs it.
 *
 *   main.js                     the process, with its activities
 *   workflow-worker-thread.js   the SDK's thread that runs workflow code
 *   workflows.bundle.js         the workflow code, as the SDK bundles it
 *   temporal.node               the SDK's native core, for TARGETARCH (amd64, arm64) or this machine's
 *   mappings.wasm               reads the source map of the workflow code
 *   healthcheck.js              the container's health check
 *
 * Environment: TARGETARCH; WORKFLOWS and ACTIVITIES, the paths of modules with further workflows and activities, separated by
 * spaces and relative to the working directory.
 */

const folder = path.resolve(process.argv[2] ?? path.join(__dirname, '../dist/worker'));
const { WORKFLOWS: workflows, ACTIVITIES: activities, TARGETARCH: architecture = process.arch } = process.env;
const packageFolder = (name: string) => path.dirname(require.resolve(`${name}/package.json`));
const pathsIn = (list = '') => list.split(' ').filter(Boolean);

async function main(): Promise<void> {
  await mkdir(folder, { recursive: true });
  await bundleProcess();
  const { code } = await bundleWorkflows(pathsIn(workflows));
  await writeFile(path.join(folder, 'workflows.bundle.js'), code);
  await copyFile(nativeCore(), path.join(folder, 'temporal.node'));
  const requireFromSdk = createRequire(require.resolve('@temporalio/worker'));
  await copyFile(requireFromSdk.resolve('source-map/lib/mappings.wasm'), path.join(folder, 'mappings.wasm'));
}

async function bundleProcess(): Promise<void> {
  const replaced = new Set<string>();
  await build({
    entryPoints: {
      main: path.join(__dirname, 'main.ts'),
      healthcheck: path.join(__dirname, 'healthcheck.ts'),
      'workflow-worker-thread': path.join(
        packageFolder('@temporalio/worker'),
        'lib/workflow/workflow-worker-thread.js',
      ),
    },
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    // The oldest Node that runs Rewind; the image has a newer one.
    target: 'node20',
    keepNames: true,
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'error',
    logOverride: { 'require-resolve-not-external': 'silent' },
    plugins: [replaceModules(replaced)],
  });
  // Fail if a release of the SDK has moved these modules, because the bundle would then contain a compiler.
  for (const file of replacements.keys())
    if (!replaced.has(file)) throw new Error(`${file} was not part of the bundle`);
}

/** Modules to replace in the bundle, by their files. */
const replacements = new Map([
  // The original looks for the native core in node_modules.
  [
    path.join(packageFolder('@temporalio/core-bridge'), 'common.js'),
    `exports.getPrebuiltPath = () => require('node:path').join(__dirname, 'temporal.node');`,
  ],
  // The original imports webpack and swc, which the image does not need: its workflow code is already bundled.
  [
    path.join(packageFolder('@temporalio/worker'), 'lib/workflow/bundler.js'),
    `exports.defaultWorkflowInterceptorModules = [];
     exports.WorkflowCodeBundler = class { constructor() { throw new Error('this image bundles no workflow code'); } };`,
  ],
  [
    path.join(__dirname, 'image-activities.ts'),
    `exports.imageActivities = Object.assign({}, ${pathsIn(activities)
      .map((file) => `require(${JSON.stringify(path.resolve(file))})`)
      .join(', ')});`,
  ],
]);

const replaceModules = (replaced: Set<string>): Plugin => ({
  name: 'replace-modules',
  setup(bundling) {
    bundling.onLoad({ filter: /[/\\](common\.js|bundler\.js|image-activities\.ts)$/ }, ({ path: file }) => {
      const contents = replacements.get(file);
      if (contents === undefined) return undefined;
      replaced.add(file);
      return { contents, loader: 'js', resolveDir: path.dirname(file) };
    });
  },
});

function nativeCore(): string {
  const machine = { amd64: 'x86_64', arm64: 'aarch64', x64: 'x86_64' }[architecture];
  if (machine === undefined) throw new Error(`there is no native core for TARGETARCH=${architecture}`);
  return path.join(packageFolder('@temporalio/core-bridge'), `releases/${machine}-unknown-linux-gnu/index.node`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
