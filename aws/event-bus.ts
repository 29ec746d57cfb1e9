import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { EVENT_SOURCE } from '../api/emitted-events';
import type { OperationEvent } from '../operations/operation-events';
import { EnvironmentVariable, requiredVariable } from './environment';

/** What one PutEvents call takes. */
const MAX_ENTRIES = 10;

/**
 * Puts events on Rewind's bus.
 * @throws when the bus does not take one of them; some may be on it then, and come again when this is repeated
 */
export function eventBus(
  client = new EventBridgeClient({}),
  busName = requiredVariable(EnvironmentVariable.eventBus),
): (events: OperationEvent[]) => Promise<void> {
  return async (events) => {
    for (let start = 0; start < events.length; start += MAX_ENTRIES) {
      const { FailedEntryCount: failed, Entries: entries = [] } = await client.send(
        new PutEventsCommand({
          Entries: events.slice(start, start + MAX_ENTRIES).map(({ type, detail }) => ({
            EventBusName: busName,
            Source: EVENT_SOURCE,
            DetailType: type,
            Detail: JSON.stringify(detail),
            Time: new Date(detail.completedAt),
          })),
        }),
      );
      const refused = entries.find(({ ErrorCode: code }) => code !== undefined);
      if (failed) throw new Error(`the event bus refused ${failed} events: ${refused?.ErrorCode ?? 'no code'}`);
    }
  };
}
