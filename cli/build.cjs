'use strict';
/*
 * Bundles the `rewind` command into one file, dist/rewind.cjs. In a checkout `cli/rewind.cjs` calls this when the bundle is
 * missing or older than its sources; a package is packed with it.
 */
const { mkdirSync, renameSync } = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const bundle = path.join(root, 'dist', 'rewind.cjs');

function build() {
  const { buildSync } = require('esbuild');
  mkdirSync(path.dirname(bundle), { recursive: true });
  // Renamed when it is whole: another `rewind` may be starting.
  const draft = `${bundle}.${process.pid}`;
  buildSync({
    entryPoints: [path.join(root, 'cli', 'main.ts')],
    outfile: draft,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    // Messages of errors that are not expected stay readable.
    keepNames: true,
    mainFields: ['module', 'main'],
    define: { REWIND_VERSION: JSON.stringify(require('../package.json').version) },
    logLevel: 'error',
  });
  renameSync(draft, bundle);
}

module.exports = { build, bundle };
if (require.main === module) build();
