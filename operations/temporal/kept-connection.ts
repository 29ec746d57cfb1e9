import { setTimeout as wait } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import type { ServiceError as GrpcServiceError } from '@grpc/grpc-js';
import type { Connection } from '@temporalio/client/lib/connection';
import { isGrpcServiceError } from '@temporalio/client/lib/errors';
import { defaultGrpcRetryOptions } from '@temporalio/client/lib/grpc-retry';
import { ConfigurationFailure } from '../failures';
import type { EndCall } from '../telemetry';
import { lazyConnection } from './connection';
import type { NamespaceConnection, ReadSecret } from './connection';
import { certificateExpiry, parseCredentials } from './credentials';
import type { TemporalCredentials } from './credentials';
import { prepareFirstCall } from './first-call';
import { foundNoWayIn, neverSent, refusedBy, temporalFailure } from './errors';
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
export function over(connection: Connection): Calls {
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
const saysNothing = new Set([status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.CANCELLED]);

export interface KeptConnectionDependencies {
  readSecret: ReadSecret;
  /** Told of each attempt at a call. */
  calling: (method: string) => EndCall;
  /** Told why the secret could not be looked at again; the old credentials stay in use. */
  onUnrenewed: (error: unknown) => void;
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
export class KeptConnection implements Calls {
  private opening: Promise<Line> | undefined;
  private current: Line | undefined;
  private secretAskedFor = 0;
  private reading: Promise<HeldSecret> | undefined;
  private refreshing: Promise<unknown> | undefined;
  private readonly timing: ConnectionTiming;

  constructor(
    private readonly namespace: string,
    private readonly configuration: NamespaceConnection,
    private readonly dependencies: KeptConnectionDependencies,
    timing: Partial<ConnectionTiming> = {},
  ) {
    this.timing = { ...deployedTiming, ...timing };
  }

  /**
   * Reads the secret, where that has not happened yet. Dials nothing.
   * @throws {OperationFailure} what kept it from being read or used; the next call tries anew
   */
  async open(): Promise<void> {
    await this.line();
  }

  /**
   * When the certificate in use stops being valid; nothing for an API key, which does not tell.
   * @throws as `open`
   */
  async certificateExpiry(): Promise<Date | undefined> {
    const { held } = await this.line();
    await this.refreshing;
    return certificateExpiry((this.current?.held ?? held).credentials);
  }

  async call<R extends Rpc>(rpc: R, request: Requests[R], options: CallOptions): Promise<Responses[R]> {
    const ask = (line: Line) => line.send(rpc, request, options.deadline);
    const { deadline, once = false, longPoll = false } = options;
    for (let attempt = 1; ; attempt += 1) {
      const line = await this.line();
      try {
        return await (once || longPoll ? ask(line) : this.askDoubting(line, ask));
      } catch (error) {
        if (!isGrpcServiceError(error)) throw error;
        // After an outage grpc-js would not dial for up to two minutes: a new connection does so at once.
        if (foundNoWayIn(error)) this.replace(line);
        const refused = await this.refusalOf(line, error);
        if (refused) {
          // Whom the server refuses, it has done nothing for: any call may be sent again.
          if (Date.now() < deadline && (await this.takeOtherSecret(line))) continue;
          throw refusedBy(refused, temporalFailure(error, this.namespace));
        }
        const pause = retries.delayFunction(attempt, error);
        const repeat = mayBeSentAgain(error, once) && retries.retryableDecider(attempt, error);
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

  private async line(): Promise<Line> {
    this.opening ??= this.firstLine();
    await this.opening;
    const line = this.current ?? (await this.opening);
    this.refreshBeside(line);
    const idle = this.timing.now() - line.lastUsed;
    return idle > this.timing.idleMs || idle < -CLOCK_SLACK_MS ? this.replace(line) : line;
  }

  private async firstLine(): Promise<Line> {
    try {
      const held = this.read();
      // Nobody waits for it: what it has not done in time, or could not, the first call does.
      void prepareFirstCall().catch(() => {});
      this.current = this.lineWith(await held);
      return this.current;
    } catch (error) {
      this.opening = undefined;
      throw error;
    }
  }

  private lineWith(held: HeldSecret): Line {
    const connection = lazyConnection(this.configuration, held.credentials);
    return new Line(connection, held, this.dependencies.calling, this.timing.now);
  }

  private async read(): Promise<HeldSecret> {
    const { secretArn } = this.configuration;
    this.secretAskedFor = this.timing.now();
    const text = await this.dependencies.readSecret(secretArn);
    return { text, credentials: parseCredentials(text, secretArn) };
  }

  /** @returns the line in use, which is another already when somebody was faster */
  private replace(line: Line, held = line.held): Line {
    if (this.current && this.current !== line) return this.current;
    this.current = this.lineWith(held);
    line.end();
    return this.current;
  }

  /** Should nothing be heard for a while, asks over a new line as well, and takes what is answered first. */
  private askDoubting<T>(line: Line, ask: (line: Line) => Promise<T>): Promise<T> {
    const { heard } = line;
    const first = ask(line);
    // A rejection, whatever it throws: nobody would catch that in a timer.
    const askAsWell = async () => ask(this.replace(line));
    return new Promise((resolve, reject) => {
      const doubt = setTimeout(() => {
        // Where others were answered meanwhile the connection lives, and the call just takes its time.
        if (line.heard === heard) resolve(firstAnswer([first, askAsWell()]));
      }, this.timing.silenceMs);
      first.then(resolve, reject).finally(() => clearTimeout(doubt));
    });
  }

  private async refusalOf(line: Line, error: GrpcServiceError): Promise<Refusal | undefined> {
    const { address, secretArn } = this.configuration;
    if (error.code === status.UNAUTHENTICATED || error.code === status.PERMISSION_DENIED) {
      return { certain: true, why: `${address} refuses the credentials in secret ${secretArn}: ${error.details}` };
    }
    return foundNoWayIn(error) ? refusal(this.configuration, line.held.credentials) : undefined;
  }

  /** Looks at the secret without anybody waiting for it. */
  private refreshBeside(line: Line): void {
    if (this.refreshing || !this.askedLongerAgoThan(this.timing.secretAgeMs)) return;
    this.refreshing = this.takeOtherSecret(line)
      .catch(this.dependencies.onUnrenewed)
      .finally(() => {
        this.refreshing = undefined;
      });
  }

  /**
   * Reads the secret again, unless that was just done.
   * @returns whether there is a line with other credentials than this one's
   * @throws {ConfigurationFailure} when what the secret holds now is no use
   */
  private async takeOtherSecret(line: Line): Promise<boolean> {
    if (this.current && this.current.held.text !== line.held.text) return true;
    if (!this.reading && !this.askedLongerAgoThan(this.timing.secretPauseMs)) return false;
    let held: HeldSecret;
    try {
      // Many calls are refused at the same time when a certificate ends.
      held = await (this.reading ??= this.read().finally(() => {
        this.reading = undefined;
      }));
    } catch (error) {
      if (error instanceof ConfigurationFailure) throw error;
      this.dependencies.onUnrenewed(error);
      return false;
    }
    if (held.text === line.held.text) return false;
    if (this.current?.held.text !== held.text) this.replace(this.current ?? line, held);
    return true;
  }

  private askedLongerAgoThan(milliseconds: number): boolean {
    const age = this.timing.now() - this.secretAskedFor;
    return age >= milliseconds || age < -CLOCK_SLACK_MS;
  }
}

/** A connection in use. */
class Line {
  /** When a call was last begun or ended. */
  lastUsed: number;
  /** How often the server has answered. */
  heard = 0;
  private underWay = 0;
  private ended = false;

  constructor(
    private readonly connection: Connection,
    readonly held: HeldSecret,
    private readonly calling: KeptConnectionDependencies['calling'],
    private readonly now: () => number,
  ) {
    this.lastUsed = now();
  }

  async send<R extends Rpc>(rpc: R, request: Requests[R], deadline: number): Promise<Responses[R]> {
    this.underWay += 1;
    this.lastUsed = this.now();
    const ended = this.calling(apiName(rpc));
    try {
      const answer = await callOver(this.connection, rpc, request, deadline);
      ended();
      this.heard += 1;
      return answer;
    } catch (error) {
      ended(isGrpcServiceError(error) ? status[error.code] : 'UNKNOWN');
      if (isAnswer(error)) this.heard += 1;
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

function mayBeSentAgain(error: GrpcServiceError, once: boolean): boolean {
  return neverSent(error) || (!once && error.code !== status.RESOURCE_EXHAUSTED);
}

function isAnswer(error: unknown): boolean {
  return isGrpcServiceError(error) && !saysNothing.has(error.code);
}

/**
 * What the server answers first, be it an error. The other one is left to its deadline: to make every call one that can be
 * taken back costs each of them more than this costs the few.
 */
async function firstAnswer<T>(asked: Promise<T>[]): Promise<T> {
  const answers = asked.map((answer) =>
    answer.then(
      (value) => () => value,
      (error: Error) => {
        if (!isAnswer(error)) throw error;
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
