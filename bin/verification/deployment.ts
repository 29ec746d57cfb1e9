import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { alarmState } from './alarm-state';
import { secretsManagerReader } from '../../aws/secrets-manager';
import { createRewindClient } from '../../client/rewind-client';
import type { RewindClient } from '../../client/rewind-client';
import { Namespaces } from '../../operations/temporal/namespaces';
import type { NamespaceClient } from '../../operations/temporal/namespace-client';
import type { NamespaceConnection } from '../../operations/temporal/namespace-connection';

/** What is verified: a deployed control stack, and a namespace that it serves. */
export interface VerifiedDeployment {
  stack: string;
  namespace: string;
  connection: NamespaceConnection;
  /** A source of `cancellationRequests`; without one no event is sent. */
  eventSource?: string;
  /** Instead of the output `ApiUrl`. */
  apiUrl?: string;
}

/** Ways to the deployment: over its API, and past it. */
export interface Deployment {
  namespace: string;
  /** Without a slash at its end. */
  apiUrl: string;
  api: RewindClient;
  /** Temporal itself, with the credentials of the namespace's secret. */
  temporal: NamespaceClient;
  /** Puts an event on the stack's bus; absent where no source was given. @returns its id */
  putEvent?: (detailType: string, detail: object) => Promise<string>;
  /** The state of the stack's alarm on this metric. */
  alarmState: (metric: string) => Promise<string>;
  close: () => Promise<void>;
}

/**
 * With the credentials and the region that the AWS SDK finds.
 * @throws {Error} for a stack that does not exist, or is no control stack of Rewind
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
    api: createRewindClient({ baseUrl: apiUrl, region }),
    temporal: await namespaces.find(namespace).connect(),
    ...(eventSource !== undefined && {
      putEvent: async (detailType: string, detail: object) => {
        const entry = {
          EventBusName: busName,
          Source: eventSource,
          DetailType: detailType,
          Detail: JSON.stringify(detail),
        };
        const { Entries: [sent] = [] } = await eventBridge.send(new PutEventsCommand({ Entries: [entry] }));
        if (sent?.EventId === undefined) throw new Error(`the bus refuses the event: ${sent?.ErrorMessage}`);
        return sent.EventId;
      },
    }),
    alarmState: (metric) => alarmState(region, stack, metric),
    close: () => namespaces.close(),
  };
}
