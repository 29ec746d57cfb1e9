import type { Telemetry } from '../operations/telemetry';

/** Telemetry that also counts the calls that were begun. */
export function countedCalls(telemetry: Telemetry): { telemetry: Telemetry; count: () => number } {
  let calls = 0;
  return {
    count: () => calls,
    telemetry: {
      within: (name, work) => telemetry.within(name, work),
      calling: (...call) => {
        calls += 1;
        return telemetry.calling(...call);
      },
      operationEnded: (ended) => telemetry.operationEnded(ended),
    },
  };
}
