'use strict';
/* Bundles the page of `rewind console` into dist/console, beside the command. */
const { copyFileSync, mkdirSync } = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const source = path.join(__dirname, 'page');

/** @param folder the output folder */
function buildPage(folder) {
  const { buildSync } = require('esbuild');
  mkdirSync(folder, { recursive: true });
  buildSync({
    absWorkingDir: root,
    entryPoints: [
      { in: path.join(source, 'main.tsx'), out: 'page' },
      { in: path.join(source, 'page.css'), out: 'page' },
    ],
    outdir: folder,
    bundle: true,
    platform: 'browser',
    target: ['chrome111', 'firefox115', 'safari16.4'],
    format: 'esm',
    minify: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'error',
  });
  for (const file of ['index.html', 'icon.svg']) copyFileSync(path.join(source, file), path.join(folder, file));
}

module.exports = { buildPage };
