/** Rewind's own workflows. The worker bundles them with those that its owner names: worker/code.ts. */
export { batchOperation } from './batch-operation';
