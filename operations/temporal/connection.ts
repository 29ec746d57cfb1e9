// Not from the package's index: that loads the clients for workflows, schedules and activities too, for every request.
import { Connection } from '@temporalio/client/lib/connection';
import type { ConnectionOptions } from '@temporalio/client/lib/connection';
import { defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client/lib/grpc-retry';
import type { Interceptor } from '@grpc/grpc-js';
import { parseCredentials } from './credentials';
import type { TemporalCredentials } from './credentials';
import { handshakeRefusal } from './handshake';
import type { Refusal } from './handshake';
import { silent } from '../telemetry';
import type { EndCall } from '../telemetry';
import { toldCalls } from './told-calls';

/** Where a namespace is and which secret opens it: deployment configuration, no secret in it. */
export interface NamespaceConnection {
  /** `host:port` of the Temporal frontend, e.g. `prod.a1b2c.tmprl.cloud:7233`. */
  address: string;
  /** ARN of the Secrets Manager secret with the namespace's credentials. */
  secretArn: string;
  /** Server name for SNI and certificate verification, where it differs from the address's host (regional endpoints). */
  tlsServerName?: string;
  /** Base of the Temporal Web UI, for links in answers. */
  webUiUrl?: string;
}

/** Reads a secret's current text. Its errors are the caller's to explain. */
export type ReadSecret = (secretArn: string) => Promise<string>;

/**
 * Calls that must not be repeated blindly: `ResetWorkflowExecution` makes a second run when repeated with the same
 * request id since server 1.31.0 (docs/temporal-semantics.md).
 */
const neverRetried = new Set(['ResetWorkflowExecution']);

/**
 * The client's own retries, but few and only where a repetition is harmless: the default of ten attempts hides
 * throttling from the caller, who is waiting behind a gateway that gives up after 29 s.
 */
const retryHarmlessCalls: Interceptor = (options, nextCall) => {
  const method = options.method_definition?.path.split('/').pop() ?? '';
  const maxAttempts = neverRetried.has(method) ? 1 : 3;
  return makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts }))(options, nextCall);
};

/** What `@temporalio/client` needs to reach the namespace with these credentials. */
export function connectionOptions(namespace: NamespaceConnection, credentials: TemporalCredentials): ConnectionOptions {
  const serverName = namespace.tlsServerName && { serverNameOverride: namespace.tlsServerName };
  return {
    address: namespace.address,
    ...(credentials.kind === 'apiKey'
      ? { apiKey: credentials.apiKey, tls: { ...serverName } }
      : {
          tls: {
            ...serverName,
            ...(credentials.ca && { serverRootCACertificate: Buffer.from(credentials.ca) }),
            clientCertPair: { crt: Buffer.from(credentials.certificate), key: Buffer.from(credentials.privateKey) },
          },
        }),
    channelArgs: {
      // The client sets this without its `grpc.` prefix, so grpc-js keeps its 4 MiB and large histories fail.
      'grpc.max_receive_message_length': 128 * 1024 * 1024,
    },
    interceptors: [retryHarmlessCalls],
  };
}

export interface OpenedConnection {
  connection: Connection;
  /** Why the server does not let us in, naming the secret. For when a call found no way in. */
  refusal: () => Promise<Refusal | undefined>;
}

/** Reads the namespace's secret and makes a connection that dials at its first call. */
export async function openConnection(
  namespace: NamespaceConnection,
  readSecret: ReadSecret,
  calling: (method: string) => EndCall = () => silent.calling('temporal', ''),
): Promise<OpenedConnection> {
  const credentials = parseCredentials(await readSecret(namespace.secretArn), namespace.secretArn);
  const options = connectionOptions(namespace, credentials);
  const refusal = async () => {
    const refused = await handshakeRefusal(namespace, credentials);
    const between = `${namespace.address} and secret ${namespace.secretArn} do not agree on TLS`;
    return refused && { ...refused, why: `${between}: ${refused.why}` };
  };
  return {
    connection: Connection.lazy({ ...options, interceptors: [toldCalls(calling), ...(options.interceptors ?? [])] }),
    refusal,
  };
}

export type { Connection };
