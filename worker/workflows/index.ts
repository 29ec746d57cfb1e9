/** Rewind's own workflows. worker/code.ts bundles them with those of the configured modules. */
export { batchOperation } from './batch-operation';
