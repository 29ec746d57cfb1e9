import { setTimeout as delay } from 'node:timers/promises';
import { NativeConnection } from '@temporalio/worker';
import type { Logger, NativeConnectionOptions } from '@temporalio/worker';
import { ConfigurationFailure, OperationFailure } from '../api/failures';
import { connectionOptions } from '../operations/temporal/connection';
import type { ReadSecret } from '../operations/temporal/connection';
import type { NamespaceConnection } from '../operations/temporal/namespace-connection';
import { certificateExpiry, parseCredentials } from '../operations/temporal/credentials';
import type { TemporalCredentials } from '../operations/temporal/credentials';

/** A connection, and the text of the secret that it was made with. */
export interface OpenConnection {
  connection: NativeConnection;
  secret: string;
}

export type OpenConnectionTo = (namespace: NamespaceConnection) => Promise<OpenConnection>;

/** Temporal could not be reached, or refused the credentials; the message says which, and names the secret. */
export class ConnectFailure extends Error {
  override readonly name = 'ConnectFailure';
}

/** The connection options of the functions, for the worker's native client. */
function nativeOptions(namespace: NamespaceConnection, credentials: TemporalCredentials): NativeConnectionOptions {
  const { tls } = connectionOptions(namespace, credentials);
  return {
    address: namespace.address,
    tls: tls ?? null,
    ...(credentials.kind === 'apiKey' && { apiKey: credentials.apiKey }),
  };
}

/**
 * Explains a failed connection to an operator. The texts are those of SDK 1.24.0 against a gateway that requires client
 * certificates: a refused one appears as an alert, or as a connection that is closed or reset right after the handshake
 * (with TLS 1.3 the client has finished its part by then). A load balancer without a server behind it looks like the
 * latter.
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
  if (/\balert\b|Unauthenticated|PermissionDenied|unauthorized/i.test(text)) {
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

/**
 * Reads the namespace's secret and connects with it at once.
 * @throws {ConfigurationFailure} when the secret is missing or holds no credentials
 * @throws {OperationFailure} when Secrets Manager does not answer
 * @throws {ConnectFailure} when Temporal does not answer or refuses
 */
export const connectionOpener =
  (readSecret: ReadSecret): OpenConnectionTo =>
  async (namespace) => {
    const secret = await readSecret(namespace.secretArn);
    const credentials = parseCredentials(secret, namespace.secretArn);
    try {
      return { secret, connection: await NativeConnection.connect(nativeOptions(namespace, credentials)) };
    } catch (error) {
      throw explainConnectFailure(error, namespace, credentials);
    }
  };

export interface RetryOptions {
  /** Seconds after which the last failure is final. */
  forSeconds: number;
  log: Logger;
  /** Aborts the wait; the promise then rejects with its reason. */
  stop: AbortSignal;
  /** Waits between two tries; for tests. */
  wait?: (ms: number) => Promise<unknown>;
}

/**
 * Retries after 1, 2, 4… seconds, at most 15, and logs each failure. A wrong configuration is not retried.
 *
 * @throws {ConfigurationFailure} at once
 * @throws the last failure, once `forSeconds` of waiting are used up
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

/** An error as one line for the operator, with details that callers do not get; never with anything from a secret. */
export function explain(error: unknown): string {
  if (error instanceof OperationFailure) return error.details.operatorDetail ?? error.message;
  return error instanceof Error ? error.message : String(error);
}
