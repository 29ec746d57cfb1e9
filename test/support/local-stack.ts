import { randomUUID } from 'node:crypto';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { Client, Connection } from '@temporalio/client';
import type { LocalDetails } from '../../local/details';
import { eventually } from './eventually';
import { localDetails, RewindApi } from './rewind-api';

interface IdleWorkflow {
  workflowId: string;
  runId: string;
  terminate: () => Promise<unknown>;
}

/**
 * The local stack: the deployed API, and a Temporal client without a certificate, whose connection is closed after the
 * tests of the calling file or `describe`.
 */
export class LocalStack {
  readonly details: LocalDetails = localDetails();
  readonly api = new RewindApi(this.details);
  readonly connection = Connection.lazy({ address: this.details.temporal.plaintextAddress ?? '' });
  readonly client = new Client({ connection: this.connection, namespace: this.details.namespace });

  /** Starts a workflow that no worker serves. */
  readonly idle = async (workflowId = `idle-${randomUUID()}`, type = 'idle'): Promise<IdleWorkflow> => {
    const options = { workflowId, taskQueue: `idle-${randomUUID()}` };
    const handle = await this.client.workflow.start(type, options);
    return { workflowId, runId: handle.firstExecutionRunId, terminate: () => handle.terminate('end of test') };
  };

  /** Waits until visibility has this many workflows. */
  readonly visible = (query: string, count: number): Promise<boolean> =>
    eventually(async () => (await this.client.workflow.count(query)).count === count, `visibility to have ${count}`);

  /** Puts an event on the bus of the stack. @returns its id */
  readonly putEvent = async (Source: string, DetailType: string, detail: object): Promise<string> => {
    const { awsEndpointUrl: endpoint, region, credentials, eventBusName: EventBusName } = this.details;
    const events = new EventBridgeClient({ endpoint, region, credentials: { ...credentials } });
    const entry = { EventBusName, Source, DetailType, Detail: JSON.stringify(detail) };
    const { Entries: [put] = [] } = await events.send(new PutEventsCommand({ Entries: [entry] }));
    events.destroy();
    return put?.EventId ?? '';
  };
}

export function localStack(): LocalStack {
  const stack = new LocalStack();
  afterAll(() => stack.connection.close());
  return stack;
}
