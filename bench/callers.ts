import { Namespaces } from '../operations/temporal/namespaces';
import { logger } from '../aws/logger';
import { functionTelemetry } from '../aws/telemetry';
import * as floor from './floor/temporal';
import type { Access } from './floor/temporal';
import { instantLedger } from './instant-ledger';
import { warmFunctions } from './warm-functions';
import type { Verb } from './warm-functions';

/*
 * Those who ask Temporal for the same, each over a connection of its own. Only used in bundled programs: what is measured
 * runs as it is deployed.
 */

export interface Caller {
  act: Record<Verb, (workflowId: string) => Promise<unknown>>;
  close: () => Promise<void>;
}

/** Rewind's functions in one process, but for the ledger, which takes no time; and how many RPCs they have made. */
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

/** Batches on a page of history, as operations/temporal/history.ts asks for them where events are small. */
const PAGE_SIZE = 100;

/** Where the only workflow task ended. After a reset to it another ends there, so that it can be reset again. */
const TASK_ENDED = 4;

/** The same RPCs one after the other over grpc-js, encoded by hand. */
export function raw(access: Access): Caller {
  const client = floor.connect(access);
  return {
    act: {
      describe: (workflowId) => floor.describe(client, workflowId),
      cancel: async (workflowId) => {
        const runId = floor.runIdIn(await floor.describe(client, workflowId));
        await floor.requestCancel(client, workflowId, runId);
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
