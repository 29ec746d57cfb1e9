import type { Telemetry } from '../operations/telemetry';

/** Telemetry that also counts the calls that were begun. */
export function countedCalls(telemetry: Telemetry): { telemetry: Telemetry; count: () => number } {
  let calls = 0;
  return {
    count: () => calls,
    telemetry: {
      withSpan: (name, work) => telemetry.withSpan(name, work),
      startCall: (...call) => {
        calls += 1;
        return telemetry.startCall(...call);
      },
      operationEnded: (ended) => telemetry.operationEnded(ended),
    },
  };
}
