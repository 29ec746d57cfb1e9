import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { deployedNode, obstacleTo } from '../../local/installed/deployed-node';
import type { Architecture } from '../../local/installed/deployed-node';
import { workerImage } from './worker-image';

/*
 * The worker's container with the settings of lib/constructs/worker-service.ts, built from Linux namespaces without a
 * container engine. The libraries of this machine replace the base image.
 */

/** Runs in new namespaces: creates the root file system, and becomes process 1. */
const script = `
set -eu
root=/mnt app=$1 node=$2 core=$3
shift 3
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$root"
for folder in usr lib lib64 bin etc; do
  if [ -L "/$folder" ]; then cp -P "/$folder" "$root/$folder"
  elif [ -d "/$folder" ]; then mkdir "$root/$folder"; mount --bind -o ro "/$folder" "$root/$folder"
  fi
done
mkdir "$root/app" "$root/node" "$root/dev" "$root/proc"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount --bind "$node" "$root/node"
mount --bind "$app" "$root/app"
mount --bind "$core" "$root/app/temporal.node"
for folder in node app app/temporal.node; do mount -o remount,bind,ro "$root/$folder"; done
mount -o remount,ro "$root"
# Changing the user clears the parent-death signal of --kill-child.
exec chroot "$root" setpriv --reuid=1000 --regid=1000 --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs \\
  --pdeathsig=KILL env --chdir=/app "$@"
`;

const isolated = ['--mount', '--pid', '--fork', '--kill-child'];

/** Why this machine cannot run the container, or undefined. */
export function obstacleToFargate(architecture: Architecture): string | undefined {
  const obstacle = obstacleTo(architecture);
  if (obstacle !== undefined) return obstacle;
  return spawnSync('unshare', [...isolated, 'true']).status === 0 ? undefined : 'needs root, and its right to unshare';
}

export interface FargateTask {
  /** The command that starts Node.js in the container, in the folder of the worker's image. */
  start: [string, ...string[]];
  /** Node.js in the container. */
  node: [string, ...string[]];
}

export async function fargateTask(architecture: Architecture): Promise<FargateTask> {
  const command = await deployedNode(architecture);
  const [program = ''] = command.splice(-1, 1, '/node/node');
  const machine = { x64: 'x86_64', arm64: 'aarch64' }[architecture];
  const sdk = createRequire(require.resolve('@temporalio/worker'));
  const packageFolder = path.dirname(sdk.resolve('@temporalio/core-bridge/package.json'));
  // The image is built for this machine's architecture.
  const core = path.join(packageFolder, `releases/${machine}-unknown-linux-gnu/index.node`);
  const folders = [await workerImage(), path.dirname(program), core];
  return { start: ['unshare', ...isolated, 'sh', '-c', script, 'sh', ...folders, ...command], node: command };
}

/** Id of the container's first process, outside the container. */
export function firstProcessOf({ pid }: { pid?: number | undefined }): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
}

/** Executes a command in the container of this process, like a health check. @throws when it fails */
export async function executeIn(
  pid: number,
  command: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const into = ['--target', String(pid), '--mount', '--pid', '--root', '--wd', '--setuid=1000', '--setgid=1000'];
  await promisify(execFile)('nsenter', [...into, ...command], { env: environment });
}
