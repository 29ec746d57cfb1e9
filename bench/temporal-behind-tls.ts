import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import { makeCertificates } from '../local/temporal/certificates';
import { findTemporalCli } from '../local/temporal/temporal-cli';
import { startTemporalServer } from '../local/temporal/server';
import type { TlsGatewayOptions } from '../local/temporal/tls-gateway';
import { Namespaces } from '../operations/temporal/namespaces';
import type { NamespacesOptions } from '../operations/temporal/namespaces';
import { NAMESPACE } from './floor/temporal';
import type { Access } from './floor/temporal';
import { Workflows } from './workflows';

/** A Temporal server on this machine that requires client certificates. */
export interface TemporalBehindTls {
  /** Port of the TLS gateway. */
  port: number;
  access: Access;
  /** The namespace's secret. */
  secret: string;
  /** A connection without TLS, to set things up. */
  connection: Connection;
  workflows: Workflows;
  /** @param port where the server appears to be; the gateway's own by default */
  namespaces: (options?: NamespacesOptions, port?: number) => Namespaces;
  stop: () => Promise<void>;
}

const SERVER_NAME = 'temporal.local';

/** Far above what one process requests, so that the server's own limits are not measured. */
const unlimited = ['frontend.rps', 'frontend.namespaceRPS', 'frontend.globalNamespaceRPS', 'history.rps'];

export async function startTemporalBehindTls(): Promise<TemporalBehindTls> {
  const { ca, server: serverPair, client } = await makeCertificates(SERVER_NAME);
  const dynamicConfig = unlimited.map((limit) => `${limit}=100000`);
  const server = await startTemporalServer({ cli: await findTemporalCli(), dynamicConfig });
  const options: TlsGatewayOptions = { upstream: server.address, server: serverPair, ca };
  const gateway = fork(path.join(__dirname, 'tls-gateway-process.ts'));
  gateway.send(options);
  const [port] = (await once(gateway, 'message')) as [number];
  const connection = Connection.lazy({ address: server.address });
  const secret = JSON.stringify({ ca, ...client });
  return {
    port,
    access: { address: `127.0.0.1:${port}`, serverName: SERVER_NAME, ca, ...client },
    secret,
    connection,
    workflows: new Workflows(connection),
    namespaces: (how, at = port) => {
      const address = `127.0.0.1:${at}`;
      const configured = new Map([[NAMESPACE, { address, secretArn: 'arn:bench', tlsServerName: SERVER_NAME }]]);
      return new Namespaces(configured, () => Promise.resolve(secret), how);
    },
    stop: async () => {
      await connection.close();
      gateway.disconnect();
      await server.stop();
    },
  };
}
