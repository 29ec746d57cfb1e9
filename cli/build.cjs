'use strict';
/*
 * Bundles the `rewind` command into one file, dist/rewind.cjs. In a checkout `cli/rewind.cjs` calls this when the bundle is
 * missing or older than its sources; a package is packed with it.
 *
 * The packages that few uses need are in it as compressed text, which is compiled when one of them is first required:
 * compiling them at each start would take as long as the rest of the start, and reading their text half of that.
 */
const { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { brotliCompressSync } = require('node:zlib');

const root = path.resolve(__dirname, '..');
const bundle = path.join(root, 'dist', 'rewind.cjs');
const late = [
  '@aws-sdk/credential-provider-node',
  '@aws-sdk/client-cloudformation',
  '@clack/prompts',
  '../../console/server',
];

/** Modules with a bundle of their own beside the command's, which only their command loads. */
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
  const lateModules = late.map((name) => `${JSON.stringify(name)}: () => require(${JSON.stringify(name)})`).join(', ');
  const lateText = textOf(
    buildSync({
      ...options,
      stdin: { contents: `module.exports = { ${lateModules} };`, resolveDir: path.join(__dirname, 'commands') },
    }),
  );
  const mainText = textOf(
    buildSync({
      ...options,
      entryPoints: [path.join(root, 'cli', 'main.ts')],
      external: [...late, ...Object.keys(separate)],
      alias: { 'node:child_process': path.join(__dirname, 'late-child-process.cjs') },
      // So that an `import()` of an external package is a `require` too.
      supported: { 'dynamic-import': false },
      define: { REWIND_VERSION: JSON.stringify(require('../package.json').version) },
    }),
  );
  const compressed = brotliCompressSync(lateText).toString('base64');
  const loader = `const nodeRequire = require;
let lateModules;
require = (name) => {
  const separate = ${JSON.stringify(separate)}[name];
  if (separate !== undefined) return nodeRequire('./' + separate);
  if (!${JSON.stringify(late)}.includes(name)) return nodeRequire(name);
  if (lateModules === undefined) {
    const module = { exports: {} };
    const { brotliDecompressSync } = nodeRequire('node:zlib');
    const text = brotliDecompressSync(Buffer.from('${compressed}', 'base64')).toString();
    new Function('require', 'module', 'exports', text)(nodeRequire, module, module.exports);
    lateModules = module.exports;
  }
  return lateModules[name]();
};
`;
  mkdirSync(path.dirname(bundle), { recursive: true });
  buildPageBeside();
  for (const [name, file] of Object.entries(separate)) {
    const resolved = { ...options, entryPoints: [path.resolve(__dirname, 'commands', name, 'index.ts')] };
    replaceFile(path.join(path.dirname(bundle), file), textOf(buildSync(resolved)));
  }
  replaceFile(bundle, `${loader}${mainText}`);
}

/** Renamed when it is whole: another `rewind` may be starting. */
function replaceFile(file, text) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}

/** Built beside and moved file by file: a console may be serving the older ones. */
function buildPageBeside() {
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
