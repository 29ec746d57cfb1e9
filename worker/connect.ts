import { setTimeout as delay } from 'node:timers/promises';
import { NativeConnection } from '@temporalio/worker';
import type { Logger, NativeConnectionOptions } from '@temporalio/worker';
import { ConfigurationFailure, OperationFailure } from '../api/failures';
import { connectionOptions } from '../operations/temporal/connection';
import type { ReadSecret } from '../operations/temporal/connection';
import type { NamespaceConnection } from '../operations/temporal/namespace-connection';
import { certificateExpiry, parseCredentials } from '../operations/temporal/credentials';
import type { TemporalCredentials } from '../operations/temporal/credentials';

/** A connection, and the secret's value that it was opened with. */
export interface OpenConnection {
  connection: NativeConnection;
  secret: string;
}

export type OpenConnectionTo = (namespace: NamespaceConnection) => Promise<OpenConnection>;

/** Temporal could not be reached or rejected the credentials. The message says which; for credentials, it names the secret. */
export class ConnectFailure extends Error {
  override readonly name = 'ConnectFailure';
}

/** Converts the connection options of the functions for the worker's native client. */
function nativeOptions(namespace: NamespaceConnection, credentials: TemporalCredentials): NativeConnectionOptions {
  const { tls } = connectionOptions(namespace, credentials);
  return {
    address: namespace.address,
    tls: tls ?? null,
    ...(credentials.kind === 'apiKey' && { apiKey: credentials.apiKey }),
  };
}

/**
 * Explains a failed connection to an operator. The error texts were observed with SDK 1.24.0 and a gateway that requires
 * client certificates. A rejected certificate causes an alert, or a connection that is closed or reset immediately after the
 * handshake (with TLS 1.3, the client has completed the handshake by then). A load balancer without a healthy target behaves
 * like the latter.
 */
export function explainConnectFailure(
  error: unknown,
  { address, secretArn }: NamespaceConnection,
  credentials: TemporalCredentials,
): ConnectFailure {
  const text = error instanceof Error ? error.message : String(error);
  const because = (what: string) => new ConnectFailure(what, { cause: error });
  const expiry = certificateExpiry(credentials);
  if (expiry && expiry.getTime() < Date.now()) {
    return because(`the certificate in secret ${secretArn} expired on ${expiry.toISOString()}`);
  }
  if (text.includes('InvalidCertificate')) {
    return because(
      `${address} has a certificate that does not match the "ca" of secret ${secretArn} or the server name: ${text}`,
    );
  }
  if (/Namespace .* is not found/.test(text)) return because(`${address}: ${text}`);
  if (/\balert\b|Unauthenticated|Permission_?Denied|unauthorized/i.test(text)) {
    return because(`${address} refuses the credentials in secret ${secretArn}: ${text}`);
  }
  if (/GetSystemInfo.*transport( |::)error/i.test(text)) {
    return because(
      `${address} refuses the credentials in secret ${secretArn}, or has no server behind it: ` +
        `it ended the connection right after the TLS handshake: ${text}`,
    );
  }
  return because(`${address} cannot be reached: ${text}`);
}

/** Timeout of the call that checks the namespace, in milliseconds. */
const describeDeadlineMs = 10_000;

/**
 * Returns a function that reads the namespace's secret and connects. The function throws a `ConfigurationFailure` for a missing
 * or invalid secret, an `OperationFailure` when Secrets Manager does not respond, and a `ConnectFailure` when Temporal does
 * not respond or rejects the credentials.
 * @param namespace checked too if given, because a server can accept credentials that are not for the namespace
 */
export const connectionOpener =
  (readSecret: ReadSecret, namespace?: string): OpenConnectionTo =>
  async (connectionTo) => {
    const secret = await readSecret(connectionTo.secretArn);
    const credentials = parseCredentials(secret, connectionTo.secretArn);
    let connection: NativeConnection | undefined;
    try {
      connection = await NativeConnection.connect(nativeOptions(connectionTo, credentials));
      if (namespace !== undefined) await describeNamespace(connection, namespace);
      return { secret, connection };
    } catch (error) {
      await connection?.close();
      throw explainConnectFailure(error, connectionTo, credentials);
    }
  };

/** Makes the call with which the SDK's worker starts, and whose failure it does not retry. */
async function describeNamespace(connection: NativeConnection, namespace: string): Promise<void> {
  await connection.withDeadline(Date.now() + describeDeadlineMs, () =>
    connection.workflowService.describeNamespace({ namespace }),
  );
}

export interface RetryOptions {
  /** Total waiting time after which the last failure is thrown, in seconds. */
  forSeconds: number;
  log: Logger;
  /** Stops the retries; the promise then rejects. */
  stop: AbortSignal;
  /** Replaces the wait between attempts in tests. */
  wait?: (ms: number) => Promise<unknown>;
}

/**
 * Retries with exponential backoff, from 1 s to 15 s, and logs each failure.
 *
 * @throws {ConfigurationFailure} without retries
 * @throws the last failure, after waiting for `forSeconds`
 */
export async function retryFor<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { forSeconds, log, stop, wait = (ms: number) => delay(ms, undefined, { signal: stop }) } = options;
  let waited = 0;
  for (let seconds = 1; ; seconds = Math.min(seconds * 2, 15)) {
    stop.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof ConfigurationFailure || waited + seconds > forSeconds) throw error;
      log.warn(`${explain(error)}; next try in ${seconds} s`);
      await wait(seconds * 1_000);
      waited += seconds;
    }
  }
}

/** Returns an error message for the operator, with details that callers do not see. Contains no secret values. */
export function explain(error: unknown): string {
  if (error instanceof OperationFailure) return error.details.operatorDetail ?? error.message;
  return error instanceof Error ? error.message : String(error);
}
