// Bundles the worker for its image: `node worker/build.mjs [folder]`, dist/worker when none is named. The folder then
// holds all that the worker needs but Node.js itself; no node_modules, no compiler. Run by worker/Dockerfile.
//
//   main.js                     the process
//   workflow-worker-thread.js   the SDK's thread that runs workflow code
//   workflows.bundle.js         the workflow code, as the SDK bundles it
//   temporal.node               the SDK's native core, for TARGETARCH (amd64, arm64) or this machine's
//   mappings.wasm               reads the source map of the workflow code
//   healthcheck.js              the container's health check
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(process.argv[2] ?? path.join(here, '../dist/worker'));
const require = createRequire(import.meta.url);
const packageFolder = (name) => path.dirname(require.resolve(`${name}/package.json`));

const machine = { amd64: 'x86_64', arm64: 'aarch64', x64: 'x86_64' }[process.env.TARGETARCH || process.arch];
if (!machine) throw new Error(`no native core for TARGETARCH=${process.env.TARGETARCH || process.arch}`);

/** What the bundle holds instead of two of the SDK's modules. */
const replacements = new Map([
  // It would look for the native core in node_modules.
  [
    path.join(packageFolder('@temporalio/core-bridge'), 'common.js'),
    `exports.getPrebuiltPath = () => require('node:path').join(__dirname, 'temporal.node');`,
  ],
  // It would bring webpack and swc along. The workflow code is bundled already.
  [
    path.join(packageFolder('@temporalio/worker'), 'lib/workflow/bundler.js'),
    `exports.defaultWorkflowInterceptorModules = [];
     exports.WorkflowCodeBundler = class { constructor() { throw new Error('this image bundles no workflow code'); } };`,
  ],
]);
const replaced = new Set();
const replaceModules = {
  name: 'replace-modules',
  setup(bundling) {
    bundling.onLoad({ filter: /[/\\](common|bundler)\.js$/ }, ({ path: file }) => {
      const contents = replacements.get(file);
      if (contents === undefined) return undefined;
      replaced.add(file);
      return { contents, loader: 'js', resolveDir: path.dirname(file) };
    });
  },
};

await mkdir(out, { recursive: true });
await build({
  entryPoints: {
    main: path.join(here, 'main.ts'),
    healthcheck: path.join(here, 'healthcheck.ts'),
    'workflow-worker-thread': path.join(packageFolder('@temporalio/worker'), 'lib/workflow/workflow-worker-thread.js'),
  },
  outdir: out,
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
  plugins: [replaceModules],
});
// A release of the SDK that moves these modules must not slip through with a compiler on board.
for (const file of replacements.keys()) if (!replaced.has(file)) throw new Error(`${file} was not part of the bundle`);

const { code } = await bundleWorkflowCode({ workflowsPath: path.join(here, 'workflows/index.ts') });
await writeFile(path.join(out, 'workflows.bundle.js'), code);
const requireFromSdk = createRequire(require.resolve('@temporalio/worker'));
await copyFile(requireFromSdk.resolve('source-map/lib/mappings.wasm'), path.join(out, 'mappings.wasm'));
await copyFile(
  path.join(packageFolder('@temporalio/core-bridge'), `releases/${machine}-unknown-linux-gnu/index.node`),
  path.join(out, 'temporal.node'),
);
