'use strict';
/*
 * Bundles the `rewind` command into one file, dist/rewind.cjs. In a checkout `cli/rewind.cjs` runs this if the bundle is
 * missing or older than its sources; the npm package contains the bundle.
 *
 * Rarely used packages are in the bundle as compressed text, which is compiled when one of them is first required:
 * compiling them at each start would take as long as the rest of the start, and reading them uncompressed half of that.
 */
const { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { brotliCompressSync } = require('node:zlib');

const root = path.resolve(__dirname, '..');
const bundle = path.join(root, 'dist', 'rewind.cjs');
const lazy = [
  '@aws-sdk/credential-provider-node',
  '@aws-sdk/client-cloudformation',
  '@clack/prompts',
  '../../console/server',
];

/** Modules with a separate bundle, which only their command loads. */
const separate = { '../../lib/deploy-check': 'deploy-check.cjs' };

function build() {
  const { buildSync } = require('esbuild');
  const options = {
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    mainFields: ['module', 'main'],
    logLevel: 'error',
  };
  const textOf = ({ outputFiles: [file] }) => file.text;
  const lazyModules = lazy.map((name) => `${JSON.stringify(name)}: () => require(${JSON.stringify(name)})`).join(', ');
  const lazyText = textOf(
    buildSync({
      ...options,
      stdin: { contents: `module.exports = { ${lazyModules} };`, resolveDir: path.join(__dirname, 'commands') },
    }),
  );
  const mainText = textOf(
    buildSync({
      ...options,
      entryPoints: [path.join(root, 'cli', 'main.ts')],
      external: [...lazy, ...Object.keys(separate)],
      alias: { 'node:child_process': path.join(__dirname, 'lazy-child-process.cjs') },
      // Turns the `import()` of an external package into a `require`.
      supported: { 'dynamic-import': false },
      define: { REWIND_VERSION: JSON.stringify(require('../package.json').version) },
    }),
  );
  const compressed = brotliCompressSync(lazyText).toString('base64');
  const loader = `const nodeRequire = require;
let lazyModules;
require = (name) => {
  const separate = ${JSON.stringify(separate)}[name];
  if (separate !== undefined) return nodeRequire('./' + separate);
  if (!${JSON.stringify(lazy)}.includes(name)) return nodeRequire(name);
  if (lazyModules === undefined) {
    const module = { exports: {} };
    const { brotliDecompressSync } = nodeRequire('node:zlib');
    const text = brotliDecompressSync(Buffer.from('${compressed}', 'base64')).toString();
    new Function('require', 'module', 'exports', text)(nodeRequire, module, module.exports);
    lazyModules = module.exports;
  }
  return lazyModules[name]();
};
`;
  mkdirSync(path.dirname(bundle), { recursive: true });
  replacePage();
  for (const [name, file] of Object.entries(separate)) {
    const resolved = { ...options, entryPoints: [path.resolve(__dirname, 'commands', name, 'index.ts')] };
    replaceFile(path.join(path.dirname(bundle), file), textOf(buildSync(resolved)));
  }
  replaceFile(bundle, `${loader}${mainText}`);
}

/** Renames the file when it is complete, because another `rewind` may be starting. */
function replaceFile(file, text) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}

/** Builds the page in a draft folder and moves it file by file, because a console may be serving the old files. */
function replacePage() {
  const { buildPage } = require('../console/build.cjs');
  const folder = path.join(path.dirname(bundle), 'console');
  const draft = `${folder}.${process.pid}`;
  buildPage(draft);
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(draft)) renameSync(path.join(draft, file), path.join(folder, file));
  rmSync(draft, { recursive: true });
}

module.exports = { build };
if (require.main === module) build();
