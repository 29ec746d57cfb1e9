import { readFileSync } from 'node:fs';
import path from 'node:path';
import { BundlingError, importersOf, writeModule } from './bundle-optimization';
import type { BundleOptimization } from './bundle-optimization';

/** The SDK's connection needs two small parts of this module. The rest is for payloads, which Rewind does not decode. */
const INTERNALS = '@temporalio/common/lib/internal-non-workflow';
const NEEDED_INTERNALS = ['parse-host-uri', 'tls-config'].map((part) => `${INTERNALS}/${part}`);

/** Modules that are never used at run time, with the file names of the modules that may import them. */
const LEFT_OUT: Record<string, readonly string[]> = {
  // Parses `.proto` files for two server-side services of grpc-js.
  '@grpc/proto-loader': ['channelz.js', 'orca.js'],
  // For AWS operations with event streams. If it were bundled, esbuild would keep all of the SDK's core.
  '@smithy/core/event-streams': ['HttpProtocol.js'],
};

/** The default credential provider chain, with ten providers. On Lambda, the credentials are in the environment. */
const CREDENTIALS = '@aws-sdk/credential-provider-node';

const GRPC = '@grpc/grpc-js';

/** Modules of grpc-js for servers and for client-side load balancing, which are a third of its code. */
const LEFT_OUT_OF_GRPC = [
  'server',
  'server-credentials',
  'server-interceptors',
  'orca',
  'load-balancer-outlier-detection',
  'load-balancer-weighted-round-robin',
  'experimental',
];

/** Matches an importer's references to exports of grpc-js, and the exports of the removed modules. */
const GRPC_EXPORT = /\bgrpc(?:_js_\d+)?\.\w+|\bimport \{[^}]*\} from '@grpc\/grpc-js'/g;
const GRPC_EXPORT_LEFT_OUT = /\b(?:Server\w*|ResponderBuilder|experimental)\b/;

/** Removes parts of packages that functions would load but never use. */
export function trimmedPackages(): BundleOptimization {
  const parts = NEEDED_INTERNALS.map((part) => require.resolve(part));
  const environmentCredentials = path.dirname(require.resolve('@aws-sdk/credential-provider-env/package.json'));
  return {
    alias: {
      [INTERNALS]: writeModule(
        'needed-internals.js',
        `module.exports = { ${parts.map((part) => `...require(${JSON.stringify(part)})`).join(', ')} };`,
      ),
      [GRPC]: writeModule('grpc-client.js', grpcClient()),
      [CREDENTIALS]: writeModule(
        'environment-credentials.mjs',
        `export { fromEnv as defaultProvider } from ${JSON.stringify(environmentCredentials)};`,
      ),
      // Otherwise, the bundle would contain both its ES module and its CommonJS module.
      long: require.resolve('long'),
    },
    external: Object.keys(LEFT_OUT),
    // `long` compiles a WebAssembly module when it is loaded. Without WebAssembly, it calculates in JavaScript.
    define: { WebAssembly: 'undefined' },
    check(metafile) {
      const exported = new Set(parts.flatMap((part) => Object.keys(require(part) as object)));
      for (const importer of importersOf(INTERNALS, metafile)) {
        for (const [, used = ''] of readFileSync(importer, 'utf8').matchAll(/\binternal_non_workflow_\d+\.(\w+)/g)) {
          if (!exported.has(used))
            throw new BundlingError(`${importer} uses ${used} of ${INTERNALS}, which is left out`);
        }
      }
      for (const importer of importersOf(GRPC, metafile)) {
        const exports = readFileSync(importer, 'utf8').match(GRPC_EXPORT) ?? [];
        const [used] = exports.flatMap((text) => GRPC_EXPORT_LEFT_OUT.exec(text) ?? []);
        if (used !== undefined) throw new BundlingError(`${importer} uses ${used} of ${GRPC}, which is left out`);
      }
      for (const [module, known] of Object.entries(LEFT_OUT)) {
        const other = importersOf(module, metafile).find((importer) => !known.includes(path.basename(importer)));
        if (other !== undefined) throw new BundlingError(`${other} imports ${module}, which is left out`);
      }
    },
  };
}

/** Returns the source of grpc-js's index module without the removed modules. */
function grpcClient(): string {
  const index = require.resolve(GRPC);
  const leftOut = new Set(LEFT_OUT_OF_GRPC);
  const source = readFileSync(index, 'utf8').replaceAll(/\brequire\("\.\/([\w-]+)"\)/g, (_, part: string) =>
    // The index calls `setup` of each load balancer.
    leftOut.delete(part) ? '{ setup() {} }' : `require(${JSON.stringify(path.join(path.dirname(index), part))})`,
  );
  const [unknown] = leftOut;
  if (unknown !== undefined) throw new BundlingError(`${index} does not load ${unknown}, which is left out`);
  return source;
}
