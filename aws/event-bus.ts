import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { EVENT_SOURCE } from '../api/emitted-events';
import type { OperationEvent } from '../operations/operation-events';
import { EnvironmentVariable, requiredVariable } from './environment';

/** The limit of one PutEvents call. */
const MAX_ENTRIES = 10;

/** The bus did not accept all events. Events after the first rejected one may be on the bus. */
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
 * Puts events on Rewind's bus, ten per call.
 * @throws {RejectedEventError} when the bus does not accept one of them
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
