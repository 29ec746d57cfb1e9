import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { alarmState } from './alarm-state';
import { secretsManagerReader } from '../../aws/secrets-manager';
import { createRewindClient } from '../../client/rewind-client';
import type { RewindClient } from '../../client/rewind-client';
import { Namespaces } from '../../operations/temporal/namespaces';
import type { NamespaceClient } from '../../operations/temporal/namespace-client';
import type { NamespaceConnection } from '../../operations/temporal/namespace-connection';

/** Identifies a deployed control stack and one of its namespaces. */
export interface VerifiedDeployment {
  stack: string;
  namespace: string;
  connection: NamespaceConnection;
  /** An event source that `cancellationRequests` accepts. Without it, the bus rejects every event. */
  eventSource?: string;
  /** Replaces the output `ApiUrl`. */
  apiUrl?: string;
}

/** Clients of a deployment's API, Temporal namespace, event bus and alarms. */
export interface Deployment {
  namespace: string;
  /** URL of the API, without a trailing slash. */
  apiUrl: string;
  api: RewindClient;
  /** Client of Temporal, with the credentials in the namespace's secret. */
  temporal: NamespaceClient;
  /** Puts an event from the event source on the stack's bus. @returns the id of the event */
  putEvent: (detailType: string, detail: object) => Promise<string>;
  /** Returns the state of the stack's alarm on a metric. */
  alarmState: (metric: string) => Promise<string>;
  close: () => Promise<void>;
}

/**
 * Opens a deployment with the AWS SDK's default credentials and region.
 * @throws {Error} when the stack does not exist or is not a control stack of Rewind
 */
export async function openDeployment(verified: VerifiedDeployment): Promise<Deployment> {
  const { stack, namespace, connection, eventSource } = verified;
  const cloudFormation = new CloudFormationClient({});
  const region = await cloudFormation.config.region();
  const { Stacks: [found] = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stack }));
  const outputs = Object.fromEntries((found?.Outputs ?? []).map((output) => [output.OutputKey, output.OutputValue]));
  const { ApiUrl: url, EventBusName: busName } = outputs;
  if (url === undefined || busName === undefined)
    throw new Error(`stack ${stack} lacks the outputs of a control stack`);
  const apiUrl = (verified.apiUrl ?? url).replace(/\/+$/, '');
  const namespaces = new Namespaces(new Map([[namespace, connection]]), secretsManagerReader());
  const eventBridge = new EventBridgeClient({});
  return {
    namespace,
    apiUrl,
    api: createRewindClient({ baseUrl: apiUrl, region, apiKey: process.env['REWIND_API_KEY'] || undefined }),
    temporal: await namespaces.find(namespace).connect(),
    putEvent: async (detailType, detail) => {
      const entry = {
        EventBusName: busName,
        Source: eventSource,
        DetailType: detailType,
        Detail: JSON.stringify(detail),
      };
      const { Entries: [sent] = [] } = await eventBridge.send(new PutEventsCommand({ Entries: [entry] }));
      if (sent?.EventId === undefined) throw new Error(`the event bus rejected the event: ${sent?.ErrorMessage}`);
      return sent.EventId;
    },
    alarmState: (metric) => alarmState(region, stack, metric),
    close: () => namespaces.close(),
  };
}
