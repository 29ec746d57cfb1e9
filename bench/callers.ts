import { logger } from '../aws/logger';
import { functionTelemetry } from '../aws/telemetry';
import { Namespaces } from '../operations/temporal/namespaces';
import * as floor from './floor/temporal';
import type { Access } from './floor/temporal';
import { instantLedger } from './instant-ledger';
import { warmFunctions } from './warm-functions';
import type { Verb } from './warm-functions';

/*
 * Programs that make the same requests, each over a connection of its own. Only used bundled, so that what is measured runs
 * as it is deployed.
 */

export interface Caller {
  act: Record<Verb, (workflowId: string) => Promise<unknown>>;
  close: () => Promise<void>;
}

/** Rewind's functions in one process, with a ledger that takes no time. `rpcs` counts the calls to Temporal. */
export function rewind(access: Access): Caller & { rpcs: () => number } {
  const { address, serverName, ca, certificate, privateKey } = access;
  const telemetry = functionTelemetry(logger);
  let rpcs = 0;
  const configured = new Map([[floor.NAMESPACE, { address, secretArn: 'arn:bench', tlsServerName: serverName }]]);
  const secret = JSON.stringify({ ca, certificate, privateKey });
  const namespaces = new Namespaces(configured, () => Promise.resolve(secret), {
    startCall: (method, namespace) => {
      rpcs += 1;
      return telemetry.startCall('temporal', method, namespace);
    },
  });
  return {
    act: warmFunctions(namespaces, instantLedger, telemetry),
    rpcs: () => rpcs,
    close: () => namespaces.close(),
  };
}

/** Stored batches per page of history, as operations/temporal/history.ts reads where events are small. */
const PAGE_SIZE = 100;
const RECENT_PAGE_SIZE = 20;

/** The event that completes the first workflow task. After a reset to it there is one there again. */
const TASK_ENDED = 4;

/** The same RPCs in sequence over grpc-js, encoded by hand. */
export function raw(access: Access): Caller {
  const client = floor.connect(access);
  return {
    act: {
      describe: (workflowId) => floor.describe(client, workflowId),
      cancel: async (workflowId) => {
        const runId = floor.runIdIn(await floor.describe(client, workflowId));
        await floor.requestCancel(client, workflowId, runId);
        await floor.historyReverse(client, workflowId, runId, RECENT_PAGE_SIZE);
      },
      reset: async (workflowId) => {
        const runId = floor.runIdIn(await floor.describe(client, workflowId));
        await floor.historyReverse(client, workflowId, runId, PAGE_SIZE);
        await floor.describe(client, workflowId);
        await floor.reset(client, workflowId, runId, TASK_ENDED);
        await floor.describe(client, workflowId);
      },
    },
    close: () => Promise.resolve(client.close()),
  };
}
