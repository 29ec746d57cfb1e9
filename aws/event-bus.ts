import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { EVENT_SOURCE } from '../api/emitted-events';
import type { OperationEvent } from '../operations/operation-events';
import { EnvironmentVariable, requiredVariable } from './environment';

/** Maximum number of events in one PutEvents call. */
const MAX_ENTRIES = 10;

/** The event bus rejected an event. Later events of the same call may have been accepted. */
export class RejectedEventError extends Error {
  override readonly name = 'RejectedEventError';

  constructor(
    /** Index of the first event that was not accepted. */
    readonly index: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Returns a function that puts events on Rewind's event bus.
 * @returns a function that throws a {@link RejectedEventError} when the bus rejects an event
 */
export function eventBus(
  client = new EventBridgeClient({}),
  busName = requiredVariable(EnvironmentVariable.eventBus),
): (events: OperationEvent[]) => Promise<void> {
  return async (events) => {
    for (let start = 0; start < events.length; start += MAX_ENTRIES) {
      const entries = events.slice(start, start + MAX_ENTRIES).map(({ type, detail }) => ({
        EventBusName: busName,
        Source: EVENT_SOURCE,
        DetailType: type,
        Detail: JSON.stringify(detail),
        Time: new Date(detail.completedAt),
      }));
      const { Entries: results = [] } = await client
        .send(new PutEventsCommand({ Entries: entries }))
        .catch((error: unknown) => {
          throw new RejectedEventError(start, 'PutEvents failed', { cause: error });
        });
      const rejected = results.findIndex(({ ErrorCode: code }) => code !== undefined);
      if (rejected >= 0) {
        throw new RejectedEventError(
          start + rejected,
          `the event bus rejected an event: ${results[rejected]?.ErrorCode}`,
        );
      }
    }
  };
}
