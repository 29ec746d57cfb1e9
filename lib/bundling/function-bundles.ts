import { readdirSync } from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';
import type { Metafile } from 'esbuild';
import { apiName, rpcs } from '../../operations/temporal/rpcs';
import { projectFolder } from './bundle-optimization';
import type { BundleOptimization } from './bundle-optimization';
import { trimmedPackages } from './trimmed-packages';
import { trimmedProto } from './trimmed-proto';

/** The names of the outputs are relative to it. Nothing is written there. */
const outdir = path.join(projectFolder, 'dist');

export interface BundleOptions {
  /** Apply the `BundleOptimization`s. */
  trim: boolean;
}

/** A function and its dependencies in one CommonJS file. */
export interface Bundle {
  name: string;
  code: Uint8Array;
  /** Bytes of each module in it, by path in the project. */
  contents: Record<string, number>;
}

/** Services that the SDK's connection always creates a client for. */
const services = {
  'temporal.api.workflowservice.v1.WorkflowService': rpcs.map(apiName),
  'temporal.api.operatorservice.v1.OperatorService': [],
  'temporal.api.testservice.v1.TestService': [],
  'grpc.health.v1.Health': [],
};

/** A function's source, where nothing is to be bundled. */
export const functionFolder = (name: string): string => path.join(projectFolder, 'functions', name);

const built = new Map<boolean, Map<string, Bundle>>();

/**
 * The bundles of all functions, by the name of their folder in functions/. Built together and once per process: all take
 * little longer than one.
 * @throws {BundlingError} when an optimization does not apply to a package
 */
export function functionBundles(options: BundleOptions): ReadonlyMap<string, Bundle> {
  const known = built.get(options.trim);
  if (known) return known;
  const folder = path.join(projectFolder, 'functions');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /^[\w-]+[/\\]index\.ts$/.test(file))
    .map((file) => path.dirname(file));
  const bundles = bundle(Object.fromEntries(names.map((name) => [name, path.join(folder, name, 'index.ts')])), options);
  built.set(options.trim, bundles);
  return bundles;
}

/**
 * Bundles programs for Lambda's Node.js.
 * @param entryPoints paths of their modules, by name
 */
export function bundle(entryPoints: Record<string, string>, { trim }: BundleOptions): Map<string, Bundle> {
  const optimizations: BundleOptimization[] = trim ? [trimmedProto(services), trimmedPackages()] : [];
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: projectFolder,
    entryPoints,
    outdir,
    write: false,
    metafile: true,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    // The oldest Node that runs Rewind locally; the deployed one is newer.
    target: 'node20',
    // esbuild removes unused code of ES modules only.
    mainFields: ['module', 'main'],
    // `import()` becomes `require`: it would start the loader of ES modules.
    supported: { 'dynamic-import': false },
    // Identifiers are kept, so that stack traces are readable.
    minifyWhitespace: true,
    minifySyntax: true,
    // Tracing layers replace the handler, which is not possible with esbuild's getters.
    footer: { js: 'module.exports={...module.exports};' },
    logLevel: 'error',
    alias: Object.assign({}, ...optimizations.map(({ alias }) => alias)),
    external: optimizations.flatMap(({ external = [] }) => external),
    define: Object.assign({}, ...optimizations.map(({ define }) => define)),
  });
  for (const optimization of optimizations) optimization.check(metafile);
  return new Map(
    outputFiles.map(({ path: file, contents: code }) => {
      const name = path.relative(outdir, file).replace(/\.js$/, '');
      return [name, { name, code, contents: contentsOf(file, metafile) }];
    }),
  );
}

function contentsOf(file: string, { outputs }: Metafile): Record<string, number> {
  const { inputs = {} } = outputs[path.relative(projectFolder, file)] ?? {};
  const kept = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return Object.fromEntries(kept.map(([input, { bytesInOutput }]) => [input, bytesInOutput]));
}
