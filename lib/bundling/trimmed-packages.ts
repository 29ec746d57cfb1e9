import { readFileSync } from 'node:fs';
import path from 'node:path';
import { BundlingError, importersOf, writeModule } from './bundle-optimization';
import type { BundleOptimization } from './bundle-optimization';

/** The SDK's connection needs two small parts of this module; the rest is for payloads, which Rewind does not decode. */
const INTERNALS = '@temporalio/common/lib/internal-non-workflow';
const NEEDED_INTERNALS = ['parse-host-uri', 'tls-config'].map((part) => `${INTERNALS}/${part}`);

/** Modules that are never called, with the modules that may import them. */
const LEFT_OUT: Record<string, readonly string[]> = {
  // Parses `.proto` files for two server-side services of grpc-js.
  '@grpc/proto-loader': ['channelz.js', 'orca.js'],
  // For AWS operations that stream events. With it, esbuild keeps all of the SDK's core.
  '@smithy/core/event-streams': ['HttpProtocol.js'],
};

/** Tries ten sources of AWS credentials, with a client for each. On Lambda they are in the environment. */
const CREDENTIALS = '@aws-sdk/credential-provider-node';

/** Leaves out parts of packages that functions load and never use. */
export function trimmedPackages(): BundleOptimization {
  const parts = NEEDED_INTERNALS.map((part) => require.resolve(part));
  const environmentCredentials = path.dirname(require.resolve('@aws-sdk/credential-provider-env/package.json'));
  return {
    alias: {
      [INTERNALS]: writeModule(
        'needed-internals.js',
        `module.exports = { ${parts.map((part) => `...require(${JSON.stringify(part)})`).join(', ')} };`,
      ),
      [CREDENTIALS]: writeModule(
        'environment-credentials.mjs',
        `export { fromEnv as defaultProvider } from ${JSON.stringify(environmentCredentials)};`,
      ),
      // One copy: its ES module and its CommonJS module are two.
      long: require.resolve('long'),
    },
    external: Object.keys(LEFT_OUT),
    check(metafile) {
      const exported = new Set(parts.flatMap((part) => Object.keys(require(part) as object)));
      for (const importer of importersOf(INTERNALS, metafile)) {
        for (const [, used = ''] of readFileSync(importer, 'utf8').matchAll(/\binternal_non_workflow_\d+\.(\w+)/g)) {
          if (!exported.has(used))
            throw new BundlingError(`${importer} uses ${used} of ${INTERNALS}, which is left out`);
        }
      }
      for (const [module, known] of Object.entries(LEFT_OUT)) {
        const other = importersOf(module, metafile).find((importer) => !known.includes(path.basename(importer)));
        if (other !== undefined) throw new BundlingError(`${other} imports ${module}, which is left out`);
      }
    },
  };
}
