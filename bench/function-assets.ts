import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import type { BuildOptions } from 'esbuild';
import { EnvironmentVariable } from '../aws/environment';
import { writeFunctionAsset } from '../lib/bundling/function-asset';
import { functionBundles } from '../lib/bundling/function-bundles';
import { writeProgram } from './bundled-program';

/** Paths of modules with a handler, each built as it would be deployed. */
export interface FunctionAssets {
  floor: string;
  naive: string;
  /** `cancel-on-event` without a queue before it. */
  directEvent: string;
  /** As deployed by default, by the function's name. */
  deployed: Record<string, string>;
  /** Without `functions.trim`. */
  untrimmed: Record<string, string>;
  remove: () => void;
}

export function writeFunctionAssets(): FunctionAssets {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rewind-bench-'));
  const write = (kind: string, trim: boolean) =>
    Object.fromEntries(
      [...functionBundles({ trim }).values()].map((made) => {
        const asset = path.join(folder, kind, made.name);
        writeFunctionAsset(made, asset);
        return [made.name, path.join(asset, 'index.js')];
      }),
    );
  // What parses `.proto` files, which a client does not do. Otherwise grpc-js is whole.
  const external = ['@grpc/proto-loader'];
  const floor = writeBundle('floor', folder, { minifyWhitespace: true, minifySyntax: true, external });
  const directEvent = writeProgram('floor/direct-event.ts', folder);
  const naive = writeBundle('naive', folder, { minify: true });
  return {
    floor,
    naive,
    directEvent,
    deployed: write('deployed', true),
    untrimmed: write('untrimmed', false),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** A program of floor/ by esbuild alone, without what Rewind does to its own bundles. @returns its path */
function writeBundle(name: string, folder: string, options: BuildOptions): string {
  const outfile = path.join(folder, `${name}.js`);
  buildSync({
    entryPoints: [path.join(__dirname, `floor/${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    logLevel: 'error',
    ...options,
  });
  return outfile;
}

/** The environment in which every function can be loaded. */
export const loadable: Record<string, string> = {
  PATH: process.env['PATH'] ?? '',
  AWS_REGION: 'us-east-1',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  ...Object.fromEntries(Object.values(EnvironmentVariable).map((name) => [name, '1'])),
  [EnvironmentVariable.namespaces]: JSON.stringify({ 1: { address: 'localhost:7233', secretArn: 'none' } }),
};
