import type { CodeModules } from '../worker/code';

const samples: CodeModules = { workflows: ['examples/workflows'], activities: ['examples/activities'] };

/** Releases of the sample workflows and activities that the local worker can run. */
export const releases = {
  working: samples,
  failingPayment: { ...samples, activities: ['examples/broken-releases/failing-payment'] },
  nonDeterministic: { ...samples, workflows: ['examples/broken-releases/non-deterministic'] },
};
