#!/usr/bin/env node
'use strict';
/*
 * The command `rewind`: runs the bundle, dist/rewind.cjs. In a checkout, which has the sources, the bundle is built on
 * first use and after each change.
 */
const { existsSync, readdirSync, statSync } = require('node:fs');
const { enableCompileCache } = require('node:module');
const { homedir } = require('node:os');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const bundle = path.join(root, 'dist', 'rewind.cjs');
const sources = ['cli', 'client', 'console', 'lib/config', 'lib/deploy-check'].map((folder) => path.join(root, folder));

/** When the newest source file changed; 0 in the npm package, which has only the bundle. */
function changedAt() {
  if (!existsSync(path.join(__dirname, 'main.ts'))) return 0;
  const files = sources.flatMap((folder) => [
    folder,
    ...readdirSync(folder, { recursive: true }).map((file) => path.join(folder, file)),
  ]);
  return Math.max(...[...files, path.join(root, 'package.json')].map((file) => statSync(file).mtimeMs));
}

// Compiling the bundle takes a quarter of the start; Node.js 22 and newer can cache the result. The cache is in a folder of the
// user, because in the shared folder for temporary files another user could replace it.
enableCompileCache?.(path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'rewind'));
if (!existsSync(bundle) || statSync(bundle).mtimeMs < changedAt()) require('./build.cjs').build();
require(bundle);
