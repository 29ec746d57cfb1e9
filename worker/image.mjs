// `npm run image` builds the worker's image with Docker or Podman, whichever is running, and prints its size.
//   npm run image -- --tag NAME --platform linux/arm64      other options are passed to the builder
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const output = (command, args) => {
  const { status, stdout } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
};

// `info` fails without a running engine; `--version` does not.
const builder = ['docker', 'podman'].find((name) => output(name, ['info']) !== undefined);
if (!builder) {
  process.stderr.write('npm run image needs Docker or Podman, with its engine running; found neither.\n');
  process.exit(1);
}

const options = process.argv.slice(2);
const given = options.findIndex((option) => option === '--tag' || option === '-t');
const tag = given >= 0 ? options.splice(given, 2)[1] : `rewind-worker:${version}`;
const { status } = spawnSync(
  builder,
  [
    'build',
    '--file=worker/Dockerfile',
    `--tag=${tag}`,
    // Podman's default image format does not support HEALTHCHECK.
    ...(builder === 'podman' ? ['--format=docker'] : []),
    `--build-arg=VERSION=${version}`,
    `--build-arg=REVISION=${output('git', ['rev-parse', 'HEAD']) ?? 'unknown'}`,
    ...options,
    '.',
  ],
  { cwd: root, stdio: 'inherit' },
);
if (status !== 0) process.exit(status ?? 1);
const bytes = Number(output(builder, ['image', 'inspect', '--format', '{{.Size}}', tag]));
process.stdout.write(`${tag}: ${(bytes / 1e6).toFixed(0)} MB\n`);
