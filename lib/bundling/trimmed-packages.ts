import { readFileSync } from 'node:fs';
import path from 'node:path';
import { BundlingError, importersOf, writeModule } from './bundle-optimization';
import type { BundleOptimization } from './bundle-optimization';

/** The SDK's module of which its connection needs two small parts; the rest is about payloads, which Rewind never opens. */
const INTERNALS = '@temporalio/common/lib/internal-non-workflow';
const NEEDED_INTERNALS = ['parse-host-uri', 'tls-config'].map((part) => `${INTERNALS}/${part}`);

/** Modules that are never called here, by the modules that may import them. */
const LEFT_OUT: Record<string, readonly string[]> = {
  // Parses `.proto` files for the two services of grpc-js that nobody here offers, when somebody offers them.
  '@grpc/proto-loader': ['channelz.js', 'orca.js'],
  // For operations of AWS that stream events, when one is called. Where it is there, all of the SDK's core stays in its
  // single modules, and whole, so that it can be loaded then.
  '@smithy/core/event-streams': ['HttpProtocol.js'],
};

/** Looks for AWS credentials in ten places, with a client for each. Lambda puts them into the environment. */
const CREDENTIALS = '@aws-sdk/credential-provider-node';

/** Leaves out what the functions load and never use of the packages they need. */
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
      // One copy, though it offers another one to each way of importing it.
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
