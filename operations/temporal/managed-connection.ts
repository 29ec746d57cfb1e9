import { setTimeout as wait } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import type { ServiceError as GrpcServiceError } from '@grpc/grpc-js';
import type { Connection } from '@temporalio/client/lib/connection';
import { isGrpcServiceError } from '@temporalio/client/lib/errors';
import { defaultGrpcRetryOptions } from '@temporalio/client/lib/grpc-retry';
import { ConfigurationFailure } from '../../api/failures';
import { lazyConnection } from './connection';
import type { ReadSecret } from './connection';
import type { NamespaceConnection } from './namespace-connection';
import { certificateExpiry, parseCredentials } from './credentials';
import type { TemporalCredentials } from './credentials';
import { isConnectFailure, neverSent, temporalFailure, withRefusal } from './errors';
import { prepareConnection, prepareHistory } from './first-call';
import { findRefusal } from './handshake';
import type { Refusal } from './handshake';
import { apiName, callOver } from './rpcs';
import type { Requests, Responses, Rpc } from './rpcs';

export interface CallOptions {
  /** Milliseconds since the epoch. */
  deadline: number;
  /**
   * - `read`: retried when the connection fails, or there is no response within `silenceMs`.
   * - `change`: retried only if it was certainly not executed, so that a refusal proves that nothing was done.
   * - `longPoll`: as `read`, but the server may take until the deadline to respond.
   */
  kind: 'read' | 'change' | 'longPoll';
}

/** Makes calls to a namespace. They fail with a gRPC error, or an `OperationFailure` that explains one. */
export interface Calls {
  call<R extends Rpc>(rpc: R, request: Requests[R], options: CallOptions): Promise<Responses[R]>;
}

/** Reports the end of a call. `failure` is the error's code or name; absent on success and on an expected refusal. */
export type EndCall = (failure?: string) => void;

/** All values are in milliseconds. */
export interface ConnectionTiming {
  /** Wall-clock time. A monotonic clock may not advance while Lambda freezes the process. */
  now: () => number;
  /**
   * Idle time after which the connection is replaced. Lambda freezes a function between requests, and the network may drop
   * its connections silently in the meantime. Half of the shortest idle timeout on the network path.
   */
  idleMs: number;
  /** How long the first attempt at a read waits for a response before the read is retried. */
  silenceMs: number;
  /** Age at which the secret is read again, in the background of a call. */
  secretAgeMs: number;
  /** Minimum time between two reads of a secret whose credentials the server rejects. */
  secretPauseMs: number;
}

const deployedTiming: ConnectionTiming = {
  now: Date.now,
  idleMs: 20_000,
  silenceMs: 1_500,
  secretAgeMs: 5 * 60_000,
  secretPauseMs: 10_000,
};

/** Tolerates small clock corrections. After a larger step back, elapsed times are meaningless and count as expired. */
const CLOCK_SLACK_MS = 1_000;

/**
 * The client's default of ten attempts would exceed API Gateway's timeout of 29 s.
 * Throttled calls are not retried here.
 */
const retries = defaultGrpcRetryOptions({ maxAttempts: 3 });

export interface ManagedConnectionDependencies {
  readSecret: ReadSecret;
  /** Called at the start of each attempt at a call. */
  startCall: (method: string) => EndCall;
  /** Called when the secret cannot be read again. The old credentials stay in use. */
  onRefreshError: (error: unknown) => void;
  /** Whether the first calls read a history. Its decoder is then generated while the connection is being established. */
  readsHistory?: boolean;
}

interface LoadedSecret {
  text: string;
  credentials: TemporalCredentials;
}

/**
 * Manages the connection to a namespace and its credentials, for the lifetime of the process.
 *
 * Replaces the connection when it was idle for long, does not respond, or the secret has other credentials. Closes the old
 * connection when its last call has ended. Reads the secret again periodically, and immediately when the server rejects the
 * credentials, so that a rotation needs no deployment and fails no request. A working connection stays in use when the
 * secret cannot be read.
 */
export class ManagedConnection implements Calls {
  private opening: Promise<TrackedConnection> | undefined;
  private current: TrackedConnection | undefined;
  private secretReadAt = 0;
  private reading: Promise<LoadedSecret> | undefined;
  private refreshing: Promise<unknown> | undefined;
  private readonly timing: ConnectionTiming;

  constructor(
    private readonly namespace: string,
    private readonly configuration: NamespaceConnection,
    private readonly dependencies: ManagedConnectionDependencies,
    timing: Partial<ConnectionTiming> = {},
  ) {
    this.timing = { ...deployedTiming, ...timing };
  }

  /**
   * Reads the secret, when called for the first time. Does not connect yet.
   * @throws {OperationFailure} when the secret cannot be read or is invalid; the next call tries again
   */
  async open(): Promise<void> {
    await this.openConnection();
  }

  /**
   * Returns when the certificate in use expires; undefined for an API key.
   * @throws {OperationFailure} as `open`
   */
  async certificateExpiry(): Promise<Date | undefined> {
    const { secret } = await this.openConnection();
    await this.refreshing;
    return certificateExpiry((this.current?.secret ?? secret).credentials);
  }

  async call<R extends Rpc>(rpc: R, request: Requests[R], { deadline, kind }: CallOptions): Promise<Responses[R]> {
    for (let attempt = 1; ; attempt += 1) {
      const connection = await this.openConnection();
      const { responses } = connection;
      const silenceAt = kind === 'read' && attempt === 1 ? Date.now() + this.timing.silenceMs : Infinity;
      try {
        return await connection.send(rpc, request, Math.min(deadline, silenceAt));
      } catch (error) {
        if (!isGrpcServiceError(error)) throw error;
        const silent = error.code === status.DEADLINE_EXCEEDED && kind !== 'longPoll';
        // After an outage, grpc-js waits up to two minutes before it reconnects. A new connection connects immediately.
        if (isConnectFailure(error) || (silent && connection.responses === responses)) this.replace(connection);
        if (silent && Date.now() < deadline && silenceAt < deadline) continue;
        if (await this.replaceRejected(connection, error, deadline)) continue;
        const pause = retries.delayFunction(attempt, error);
        const retry = mayResend(error, kind) && retries.retryableDecider(attempt, error);
        if (!retry || Date.now() + pause >= deadline) throw error;
        await wait(pause);
      }
    }
  }

  async close(): Promise<void> {
    await this.opening?.catch(() => {});
    await this.refreshing;
    this.current?.closeWhenUnused();
    this.opening = undefined;
    this.current = undefined;
  }

  private async openConnection(): Promise<TrackedConnection> {
    this.opening ??= this.openFirst();
    await this.opening;
    const connection = this.current ?? (await this.opening);
    this.refreshInBackground(connection);
    const idle = this.timing.now() - connection.lastUsed;
    return idle > this.timing.idleMs || idle < -CLOCK_SLACK_MS ? this.replace(connection) : connection;
  }

  private async openFirst(): Promise<TrackedConnection> {
    try {
      const secret = this.readSecret();
      // Not awaited: the first calls do what is left of this work.
      void prepareConnection().catch(() => {});
      this.current = this.connectWith(await secret);
      if (this.dependencies.readsHistory) void prepareHistory().catch(() => {});
      return this.current;
    } catch (error) {
      this.opening = undefined;
      throw error;
    }
  }

  private connectWith(secret: LoadedSecret): TrackedConnection {
    const connection = lazyConnection(this.configuration, secret.credentials);
    return new TrackedConnection(connection, secret, this.dependencies.startCall, this.timing.now);
  }

  private async readSecret(): Promise<LoadedSecret> {
    const { secretArn } = this.configuration;
    this.secretReadAt = this.timing.now();
    const text = await this.dependencies.readSecret(secretArn);
    return { text, credentials: parseCredentials(text, secretArn) };
  }

  /** @returns the new connection in use, which another call may have created */
  private replace(connection: TrackedConnection, secret = connection.secret): TrackedConnection {
    if (this.current && this.current !== connection) return this.current;
    this.current = this.connectWith(secret);
    connection.closeWhenUnused();
    return this.current;
  }

  /**
   * Replaces credentials that the server rejects. The server did not execute the call, so even a change can be sent again.
   * @returns true if there is a connection with other credentials; false if the credentials were not rejected
   * @throws {OperationFailure} explains the rejection, if there are no other credentials
   */
  private async replaceRejected(
    connection: TrackedConnection,
    error: GrpcServiceError,
    deadline: number,
  ): Promise<boolean> {
    const refusal = await this.refusalOf(connection, error);
    if (!refusal) return false;
    if (Date.now() < deadline && (await this.replaceCredentials(connection))) return true;
    throw withRefusal(refusal, temporalFailure(error, this.namespace));
  }

  private async refusalOf({ secret }: TrackedConnection, error: GrpcServiceError): Promise<Refusal | undefined> {
    const { address, secretArn } = this.configuration;
    if (error.code === status.UNAUTHENTICATED || error.code === status.PERMISSION_DENIED) {
      return { certain: true, why: `${address} refuses the credentials in secret ${secretArn}: ${error.details}` };
    }
    return isConnectFailure(error) ? findRefusal(this.configuration, secret.credentials) : undefined;
  }

  private refreshInBackground(connection: TrackedConnection): void {
    if (this.refreshing || !this.secretOlderThan(this.timing.secretAgeMs)) return;
    this.refreshing = this.replaceCredentials(connection)
      .catch(this.dependencies.onRefreshError)
      .finally(() => {
        this.refreshing = undefined;
      });
  }

  /**
   * Reads the secret again, unless it was read within `secretPauseMs`.
   * @returns whether there is a connection with other credentials than this one
   * @throws {ConfigurationFailure} when the secret's new value is invalid
   */
  private async replaceCredentials({ secret: rejected }: TrackedConnection): Promise<boolean> {
    if (this.current && this.current.secret.text !== rejected.text) return true;
    if (!this.reading && !this.secretOlderThan(this.timing.secretPauseMs)) return false;
    let secret: LoadedSecret;
    try {
      // Calls that are rejected at the same time share one read.
      secret = await (this.reading ??= this.readSecret().finally(() => {
        this.reading = undefined;
      }));
    } catch (error) {
      if (error instanceof ConfigurationFailure) throw error;
      this.dependencies.onRefreshError(error);
      return false;
    }
    if (secret.text === rejected.text) return false;
    if (this.current && this.current.secret.text !== secret.text) this.replace(this.current, secret);
    return true;
  }

  private secretOlderThan(milliseconds: number): boolean {
    const age = this.timing.now() - this.secretReadAt;
    return age >= milliseconds || age < -CLOCK_SLACK_MS;
  }
}

/** A connection that tracks its calls. */
class TrackedConnection {
  /** When a call last started or ended. */
  lastUsed: number;
  /** Number of successful calls. */
  responses = 0;
  private inFlight = 0;
  private closing = false;

  constructor(
    private readonly connection: Connection,
    readonly secret: LoadedSecret,
    private readonly startCall: ManagedConnectionDependencies['startCall'],
    private readonly now: () => number,
  ) {
    this.lastUsed = now();
  }

  async send<R extends Rpc>(rpc: R, request: Requests[R], deadline: number): Promise<Responses[R]> {
    this.inFlight += 1;
    this.lastUsed = this.now();
    const end = this.startCall(apiName(rpc));
    try {
      const response = await callOver(this.connection, rpc, request, deadline);
      end();
      this.responses += 1;
      return response;
    } catch (error) {
      end(isGrpcServiceError(error) ? status[error.code] : 'UNKNOWN');
      throw error;
    } finally {
      this.inFlight -= 1;
      this.lastUsed = this.now();
      if (this.closing) this.closeWhenUnused();
    }
  }

  /** Closes the connection as soon as it has no calls in flight. No further calls may be sent. */
  closeWhenUnused(): void {
    this.closing = true;
    if (this.inFlight === 0) void this.connection.close();
  }
}

function mayResend(error: GrpcServiceError, kind: CallOptions['kind']): boolean {
  return neverSent(error) || (kind !== 'change' && error.code !== status.RESOURCE_EXHAUSTED);
}
