import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import { findTemporalCli } from '../local/temporal-cli';
import { startTemporalServer } from '../local/temporal-server';
import type { TlsGatewayOptions } from '../local/tls-gateway';
import type { Namespaces, NamespacesOptions } from '../operations/temporal/namespaces';
import { sideBySide } from '../test/support/many-workflows';
import { ScriptedWorkflow } from '../test/support/scripted-workflow';
import { certificatesOfNamespace, namespacesAt, secretOf, serverName } from '../test/support/tls-namespace';
import type { Access } from './floor/temporal';

/** A Temporal server that demands client certificates, on this machine, and what leads to it. */
export interface TemporalBehindTls {
  /** Past the certificates, to set things up. */
  connection: Connection;
  /** Of the TLS gateway. */
  port: number;
  access: Access;
  /** As a function is configured with it. @param port where it seems to be; the gateway's own when left out */
  namespaces: (options?: NamespacesOptions, port?: number) => Namespaces;
  /** Starts that many workflows, each with so many workflow tasks completed. @returns their ids */
  startWorkflows: (count: number, tasks?: number) => Promise<string[]>;
  stop: () => Promise<void>;
}

/** Far above what one process asks: what is measured is the caller, and not the server's own limits. */
const unlimited = ['frontend.rps', 'frontend.namespaceRPS', 'frontend.globalNamespaceRPS', 'history.rps'];

export async function startTemporalBehindTls(): Promise<TemporalBehindTls> {
  const certificates = await certificatesOfNamespace();
  const { ca, server: serverPair, client } = certificates;
  const dynamicConfig = unlimited.map((limit) => `${limit}=100000`);
  const server = await startTemporalServer({ cli: await findTemporalCli(), dynamicConfig });
  const options: TlsGatewayOptions = { upstream: server.address, server: serverPair, ca };
  const gateway = fork(path.join(__dirname, 'tls-gateway-process.ts'));
  gateway.send(options);
  const [port] = (await once(gateway, 'message')) as [number];
  const connection = Connection.lazy({ address: server.address });
  return {
    connection,
    port,
    access: { address: `127.0.0.1:${port}`, serverName, ca, ...client },
    namespaces: (how, at = port) => namespacesAt(`127.0.0.1:${at}`, async () => secretOf(certificates), how),
    startWorkflows: async (count, tasks = 0) => {
      const ids: string[] = [];
      await sideBySide(count, async () => {
        const workflow = await ScriptedWorkflow.start(connection);
        if (tasks > 0) await workflow.completeTasks(tasks, () => []);
        ids.push(workflow.workflowId);
      });
      return ids;
    },
    stop: async () => {
      await connection.close();
      gateway.disconnect();
      await server.stop();
    },
  };
}
