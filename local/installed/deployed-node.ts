import { existsSync } from 'node:fs';
import path from 'node:path';
import { cachedFolder } from './cache-folder';
import { unpackNpmPackage } from './npm-package';

/*
 * Node.js in the version of Lambda's runtime and the worker's image, which may differ from this machine's version.
 * It is downloaded once from the npm registry. To run the arm64 version, which is deployed, an x64 machine needs an emulator.
 */

export type Architecture = 'x64' | 'arm64';

/** A release of the major version in lib/constructs/rewind-function.ts. */
const VERSION = '24.21.0';
const INTEGRITY: Record<Architecture, string> = {
  x64: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  arm64: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
};

/** Debian's packages `qemu-user-static` and `libstdc++6-arm64-cross`, which brings the C library. */
const EMULATOR = '/usr/bin/qemu-aarch64-static';
const ARM64_LIBRARIES = '/usr/aarch64-linux-gnu';

/** Why programs of this architecture do not run on this machine; undefined if they do. */
export function obstacleTo(architecture: Architecture): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux';
  if (architecture === process.arch) return undefined;
  if (architecture === 'x64') return 'needs an x64 machine';
  const missing = [EMULATOR, path.join(ARM64_LIBRARIES, 'lib/libstdc++.so.6')].some((file) => !existsSync(file));
  return missing ? 'needs qemu-user-static and libstdc++6-arm64-cross of Debian' : undefined;
}

/** The architecture of this machine, in Lambda's terms. */
export const ownArchitecture: Architecture = process.arch === 'arm64' ? 'arm64' : 'x64';

/** The command that starts this Node.js: a program and its first arguments. */
export async function deployedNode(architecture: Architecture = ownArchitecture): Promise<[string, ...string[]]> {
  const folder = await cachedFolder(`node-${VERSION}-linux-${architecture}`, (draft) =>
    unpackNpmPackage(`node-linux-${architecture}@${VERSION}`, INTEGRITY[architecture], draft, ['bin/node', 'LICENSE']),
  );
  const node = path.join(folder, 'bin/node');
  return architecture === process.arch ? [node] : [EMULATOR, '-L', ARM64_LIBRARIES, node];
}
