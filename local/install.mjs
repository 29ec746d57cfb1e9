// Makes `npm start` and `npm test` work in a fresh clone: runs `npm ci` if node_modules is missing or older than
// package-lock.json. Plain JavaScript with only Node.js modules, because it runs before packages are installed.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const lockfile = path.join(root, 'package-lock.json');
/** npm writes this file at the end of an installation, so it is missing after an interrupted one. */
const installed = path.join(root, 'node_modules', '.package-lock.json');

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Rewind needs Node.js 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

if (process.platform === 'win32') {
  console.error('The local stack needs Linux or macOS. On Windows, run this in WSL: https://aka.ms/wsl');
  process.exit(1);
}

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lockfile).mtimeMs) {
  console.error('Installing dependencies (npm ci)…');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (npm.status !== 0) {
    console.error('npm ci failed: see above. Can the npm registry be reached?');
    process.exit(npm.status ?? 1);
  }
}
