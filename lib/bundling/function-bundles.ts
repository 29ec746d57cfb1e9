import { readdirSync } from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';
import type { Metafile } from 'esbuild';
import { apiName, rpcs } from '../../operations/temporal/rpcs';
import { projectFolder } from './bundle-optimization';
import type { BundleOptimization } from './bundle-optimization';
import { trimmedPackages } from './trimmed-packages';
import { trimmedProto } from './trimmed-proto';

/** esbuild's output directory, to which the output names are relative. Nothing is written there. */
const outdir = path.join(projectFolder, 'dist');

export interface BundleOptions {
  /** Whether to apply the optimizations. */
  trim: boolean;
}

/** A function with its dependencies in one CommonJS file. */
export interface Bundle {
  name: string;
  code: Uint8Array;
  /** Size of each module in the bundle, in bytes, by its path in the project. */
  contents: Record<string, number>;
}

/** The services for which the SDK's connection creates clients, with the RPCs that Rewind calls. */
const services = {
  'temporal.api.workflowservice.v1.WorkflowService': rpcs.map(apiName),
  'temporal.api.operatorservice.v1.OperatorService': [],
  'temporal.api.testservice.v1.TestService': [],
  'grpc.health.v1.Health': [],
};

/** Returns the directory of a function's source. */
export const functionFolder = (name: string): string => path.join(projectFolder, 'functions', name);

const built = new Map<boolean, Map<string, Bundle>>();

/**
 * Returns the bundles of all functions, by the name of their directory in functions/. They are built together, once per
 * process, because all take little longer than one.
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
 * Bundles programs for Node.js on Lambda.
 * @param entryPoints paths of their main modules, by name
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
    // The oldest supported version for local use. Lambda's version is newer.
    target: 'node20',
    // Prefers ES modules, because esbuild only removes unused code from them.
    mainFields: ['module', 'main'],
    // Replaces `import()` by `require`, to avoid starting the ES module loader.
    supported: { 'dynamic-import': false },
    // Identifiers are kept, so that stack traces are readable.
    minifyWhitespace: true,
    minifySyntax: true,
    // Makes the exports writable, because tracing layers replace the handler. esbuild exports getters.
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
