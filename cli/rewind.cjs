#!/usr/bin/env node
'use strict';
/*
 * The command `rewind`: runs the bundle, dist/rewind.cjs. In a checkout, which has the sources beside, it is built at the
 * first use and after each change.
 */
const { existsSync, readdirSync, statSync } = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const bundle = path.join(root, 'dist', 'rewind.cjs');
const sources = [
  __dirname,
  path.join(__dirname, 'commands'),
  path.join(root, 'client'),
  path.join(root, 'package.json'),
];

/** When the newest of the sources changed; 0 in a package, which has the bundle alone. */
function changedAt() {
  if (!existsSync(path.join(__dirname, 'main.ts'))) return 0;
  const files = sources.flatMap((source) =>
    source.endsWith('.json') ? [source] : [source, ...readdirSync(source).map((file) => path.join(source, file))],
  );
  return Math.max(...files.map((file) => statSync(file).mtimeMs));
}

if (!existsSync(bundle) || statSync(bundle).mtimeMs < changedAt()) require('./build.cjs').build();
require(bundle);
