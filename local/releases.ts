import type { CodeModules } from '../worker/code';

const samples: CodeModules = { workflows: ['examples/workflows'], activities: ['examples/activities'] };

/** The sample workflows and activities as releases of an application: what the local worker runs. */
export const releases = {
  working: samples,
  failingPayment: { ...samples, activities: ['examples/broken-releases/failing-payment'] },
  nonDeterministic: { ...samples, workflows: ['examples/broken-releases/non-deterministic'] },
};
