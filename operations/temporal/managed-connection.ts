import { setTimeout as wait } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import type { ServiceError as GrpcServiceError } from '@grpc/grpc-js';
import type { Connection } from '@temporalio/client/lib/connection';
import { isGrpcServiceError } from '@temporalio/client/lib/errors';
import { defaultGrpcRetryOptions } from '@temporalio/client/lib/grpc-retry';
import { ConfigurationFailure } from '../../api/failures';
import type { EndCall } from '../telemetry';
import { lazyConnection } from './connection';
import type { NamespaceConnection, ReadSecret } from './connection';
import { certificateExpiry, parseCredentials } from './credentials';
import type { TemporalCredentials } from './credentials';
import { prepareFirstCall } from './first-call';
import { isConnectFailure, neverSent, withRefusal, temporalFailure } from './errors';
import { refusal } from './handshake';
import type { Refusal } from './handshake';
import { apiName, callOver } from './rpcs';
import type { Requests, Responses, Rpc } from './rpcs';

export interface CallOptions {
  /** Milliseconds since the epoch. */
  deadline: number;
  /** It would act a second time: it is not sent again unless it surely did not arrive. */
  once?: boolean;
  /** The server answers when there is news, so its silence says nothing about the connection. */
  longPoll?: boolean;
}

/** The way to a namespace. Errors are those of gRPC, or an `OperationFailure` that explains one. */
export interface Calls {
  call<R extends Rpc>(rpc: R, request: Requests[R], options: CallOptions): Promise<Responses[R]>;
}

/** Calls over this connection and no other, repeated only as the connection itself does. */
export function callsOver(connection: Connection): Calls {
  return { call: (rpc, request, { deadline }) => callOver(connection, rpc, request, deadline) };
}

/** All in milliseconds. */
export interface ConnectionTiming {
  /** The time of day. A clock that only counts running time would not notice a freeze. */
  now: () => number;
  /**
   * A connection not used for longer is not used again: Lambda freezes a function between requests, and the network
   * forgets its connections meanwhile without telling. Half of what the shortest-lived keepalive on the way allows.
   */
  idleMs: number;
  /** How long a server may be silent until the connection is doubted and the call sent over a new one as well. */
  silenceMs: number;
  /** A secret read longer ago is read again, beside a call. */
  secretAgeMs: number;
  /** How soon a secret is read again because the server refuses what it held. */
  secretPauseMs: number;
}

const deployedTiming: ConnectionTiming = {
  now: Date.now,
  idleMs: 20_000,
  silenceMs: 1_500,
  secretAgeMs: 5 * 60_000,
  secretPauseMs: 10_000,
};

/** Clocks are set back by some milliseconds all the time; by more than this, nobody knows how long it has been. */
const CLOCK_SLACK_MS = 1_000;

/**
 * Few repetitions, and only where they are harmless: the client's default of ten hides an outage from the caller, who is
 * waiting behind a gateway that gives up after 29 s. Throttling is for the caller to wait out.
 */
const retries = defaultGrpcRetryOptions({ maxAttempts: 3 });

/** What a server that we reach answers without having looked at the request itself. */
const inconclusive = new Set([status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.CANCELLED]);

export interface ManagedConnectionDependencies {
  readSecret: ReadSecret;
  /** Told of each attempt at a call. */
  startCall: (method: string) => EndCall;
  /** Told why the secret could not be looked at again; the old credentials stay in use. */
  onRefreshError: (error: unknown) => void;
}

interface HeldSecret {
  text: string;
  credentials: TemporalCredentials;
}

/**
 * The connection to a namespace, kept for the life of the process, and its credentials.
 *
 * It is replaced by a new one, and closed when its last call has ended, when it was idle for long, when it stays silent,
 * and when the secret holds other credentials. The last is looked at from time to time, and at once when the server
 * refuses those that are held: whoever rotates a certificate or a key in time needs no deployment and loses no request.
 * A secret that cannot be read changes nothing for a connection that works.
 */
export class ManagedConnection implements Calls {
  private opening: Promise<TrackedConnection> | undefined;
  private current: TrackedConnection | undefined;
  private secretReadAt = 0;
  private reading: Promise<HeldSecret> | undefined;
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
   * Reads the secret, where that has not happened yet. Dials nothing.
   * @throws {OperationFailure} what kept it from being read or used; the next call tries anew
   */
  async open(): Promise<void> {
    await this.openConnection();
  }

  /**
   * When the certificate in use stops being valid; nothing for an API key, which does not tell.
   * @throws as `open`
   */
  async certificateExpiry(): Promise<Date | undefined> {
    const { held } = await this.openConnection();
    await this.refreshing;
    return certificateExpiry((this.current?.held ?? held).credentials);
  }

  async call<R extends Rpc>(rpc: R, request: Requests[R], options: CallOptions): Promise<Responses[R]> {
    const ask = (openConnection: TrackedConnection) => openConnection.send(rpc, request, options.deadline);
    const { deadline, once = false, longPoll = false } = options;
    for (let attempt = 1; ; attempt += 1) {
      const openConnection = await this.openConnection();
      try {
        return await (once || longPoll ? ask(openConnection) : this.hedgedCall(openConnection, ask));
      } catch (error) {
        if (!isGrpcServiceError(error)) throw error;
        // After an outage grpc-js would not dial for up to two minutes: a new connection does so at once.
        if (isConnectFailure(error)) this.replace(openConnection);
        const refused = await this.refusalOf(openConnection, error);
        if (refused) {
          // Whom the server refuses, it has done nothing for: any call may be sent again.
          if (Date.now() < deadline && (await this.replaceCredentials(openConnection))) continue;
          throw withRefusal(refused, temporalFailure(error, this.namespace));
        }
        const pause = retries.delayFunction(attempt, error);
        const repeat = mayResend(error, once) && retries.retryableDecider(attempt, error);
        if (!repeat || Date.now() + pause >= deadline) throw error;
        await wait(pause);
      }
    }
  }

  async close(): Promise<void> {
    await this.opening?.catch(() => {});
    await this.refreshing;
    this.current?.end();
    this.opening = undefined;
    this.current = undefined;
  }

  private async openConnection(): Promise<TrackedConnection> {
    this.opening ??= this.openFirst();
    await this.opening;
    const openConnection = this.current ?? (await this.opening);
    this.refreshInBackground(openConnection);
    const idle = this.timing.now() - openConnection.lastUsed;
    return idle > this.timing.idleMs || idle < -CLOCK_SLACK_MS ? this.replace(openConnection) : openConnection;
  }

  private async openFirst(): Promise<TrackedConnection> {
    try {
      const held = this.read();
      // Nobody waits for it: what it has not done in time, or could not, the first call does.
      void prepareFirstCall().catch(() => {});
      this.current = this.connectWith(await held);
      return this.current;
    } catch (error) {
      this.opening = undefined;
      throw error;
    }
  }

  private connectWith(held: HeldSecret): TrackedConnection {
    const connection = lazyConnection(this.configuration, held.credentials);
    return new TrackedConnection(connection, held, this.dependencies.startCall, this.timing.now);
  }

  private async read(): Promise<HeldSecret> {
    const { secretArn } = this.configuration;
    this.secretReadAt = this.timing.now();
    const text = await this.dependencies.readSecret(secretArn);
    return { text, credentials: parseCredentials(text, secretArn) };
  }

  /** @returns the line in use, which is another already when somebody was faster */
  private replace(openConnection: TrackedConnection, held = openConnection.held): TrackedConnection {
    if (this.current && this.current !== openConnection) return this.current;
    this.current = this.connectWith(held);
    openConnection.end();
    return this.current;
  }

  /** Should nothing be heard for a while, asks over a new line as well, and takes what is answered first. */
  private hedgedCall<T>(
    openConnection: TrackedConnection,
    ask: (openConnection: TrackedConnection) => Promise<T>,
  ): Promise<T> {
    const { responseCount } = openConnection;
    const first = ask(openConnection);
    // A rejection, whatever it throws: nobody would catch that in a timer.
    const askAsWell = async () => ask(this.replace(openConnection));
    return new Promise((resolve, reject) => {
      const doubt = setTimeout(() => {
        // Where others were answered meanwhile the connection lives, and the call just takes its time.
        if (openConnection.responseCount === responseCount) resolve(firstResponse([first, askAsWell()]));
      }, this.timing.silenceMs);
      first.then(resolve, reject).finally(() => clearTimeout(doubt));
    });
  }

  private async refusalOf(openConnection: TrackedConnection, error: GrpcServiceError): Promise<Refusal | undefined> {
    const { address, secretArn } = this.configuration;
    if (error.code === status.UNAUTHENTICATED || error.code === status.PERMISSION_DENIED) {
      return { certain: true, why: `${address} refuses the credentials in secret ${secretArn}: ${error.details}` };
    }
    return isConnectFailure(error) ? refusal(this.configuration, openConnection.held.credentials) : undefined;
  }

  /** Looks at the secret without anybody waiting for it. */
  private refreshInBackground(openConnection: TrackedConnection): void {
    if (this.refreshing || !this.secretOlderThan(this.timing.secretAgeMs)) return;
    this.refreshing = this.replaceCredentials(openConnection)
      .catch(this.dependencies.onRefreshError)
      .finally(() => {
        this.refreshing = undefined;
      });
  }

  /**
   * Reads the secret again, unless that was just done.
   * @returns whether there is a line with other credentials than this one's
   * @throws {ConfigurationFailure} when what the secret holds now is no use
   */
  private async replaceCredentials(openConnection: TrackedConnection): Promise<boolean> {
    if (this.current && this.current.held.text !== openConnection.held.text) return true;
    if (!this.reading && !this.secretOlderThan(this.timing.secretPauseMs)) return false;
    let held: HeldSecret;
    try {
      // Many calls are refused at the same time when a certificate ends.
      held = await (this.reading ??= this.read().finally(() => {
        this.reading = undefined;
      }));
    } catch (error) {
      if (error instanceof ConfigurationFailure) throw error;
      this.dependencies.onRefreshError(error);
      return false;
    }
    if (held.text === openConnection.held.text) return false;
    if (this.current?.held.text !== held.text) this.replace(this.current ?? openConnection, held);
    return true;
  }

  private secretOlderThan(milliseconds: number): boolean {
    const age = this.timing.now() - this.secretReadAt;
    return age >= milliseconds || age < -CLOCK_SLACK_MS;
  }
}

/** A connection in use. */
class TrackedConnection {
  /** When a call was last begun or ended. */
  lastUsed: number;
  /** How often the server has answered. */
  responseCount = 0;
  private underWay = 0;
  private ended = false;

  constructor(
    private readonly connection: Connection,
    readonly held: HeldSecret,
    private readonly startCall: ManagedConnectionDependencies['startCall'],
    private readonly now: () => number,
  ) {
    this.lastUsed = now();
  }

  async send<R extends Rpc>(rpc: R, request: Requests[R], deadline: number): Promise<Responses[R]> {
    this.underWay += 1;
    this.lastUsed = this.now();
    const ended = this.startCall(apiName(rpc));
    try {
      const answer = await callOver(this.connection, rpc, request, deadline);
      ended();
      this.responseCount += 1;
      return answer;
    } catch (error) {
      ended(isGrpcServiceError(error) ? status[error.code] : 'UNKNOWN');
      if (isResponse(error)) this.responseCount += 1;
      throw error;
    } finally {
      this.underWay -= 1;
      this.lastUsed = this.now();
      if (this.ended && this.underWay === 0) void this.connection.close();
    }
  }

  /** Closes the connection when the last call over it has ended. No further one is to be sent. */
  end(): void {
    this.ended = true;
    if (this.underWay === 0) void this.connection.close();
  }
}

function mayResend(error: GrpcServiceError, once: boolean): boolean {
  return neverSent(error) || (!once && error.code !== status.RESOURCE_EXHAUSTED);
}

function isResponse(error: unknown): boolean {
  return isGrpcServiceError(error) && !inconclusive.has(error.code);
}

/**
 * What the server answers first, be it an error. The other one is left to its deadline: to make every call one that can be
 * taken back costs each of them more than this costs the few.
 */
async function firstResponse<T>(asked: Promise<T>[]): Promise<T> {
  const answers = asked.map((answer) =>
    answer.then(
      (value) => () => value,
      (error: Error) => {
        if (!isResponse(error)) throw error;
        return () => {
          throw error;
        };
      },
    ),
  );
  try {
    return (await Promise.any(answers))();
  } catch (error) {
    throw error instanceof AggregateError ? error.errors.at(-1) : error;
  }
}
