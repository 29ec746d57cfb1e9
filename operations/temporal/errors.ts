import { status as grpcStatus } from '@grpc/grpc-js';
import type { ServiceError as GrpcServiceError } from '@grpc/grpc-js';
import { isGrpcServiceError } from '@temporalio/client/lib/errors';
import { ConfigurationFailure, OperationFailure } from '../../api/failures';
import type { FailureKind } from '../../api/failures';
import type { Refusal } from './handshake';

/**
 * A gRPC error that the operation has to translate, because the invalid field depends on the request.
 * `details` is the server's message.
 */
export class TemporalRejection extends Error {
  override readonly name = 'TemporalRejection';

  constructor(
    readonly code: grpcStatus,
    readonly details: string,
    options?: ErrorOptions,
  ) {
    super(details, options);
  }

  get alreadyExists(): boolean {
    return this.code === grpcStatus.ALREADY_EXISTS;
  }

  get notFound(): boolean {
    return this.code === grpcStatus.NOT_FOUND;
  }

  get invalid(): boolean {
    return this.code === grpcStatus.INVALID_ARGUMENT;
  }

  get internal(): boolean {
    return this.code === grpcStatus.INTERNAL;
  }

  /** The server does not have the RPC, or it is disabled. */
  get unimplemented(): boolean {
    return this.code === grpcStatus.UNIMPLEMENTED;
  }

  /** The server rejected the request: nothing was done. */
  get refused(): boolean {
    return this.invalid || this.code === grpcStatus.FAILED_PRECONDITION;
  }
}

/** A job of Temporal's batch engine takes 20 s per 1,000 workflows. */
const BUSY_BATCH_ENGINE_SECONDS = 30;

/**
 * Translates the gRPC error of a call into the failure to report.
 * Codes and messages were observed on servers 1.29.1 and 1.31.2; see docs/temporal-semantics.md.
 */
export function temporalFailure(error: unknown, namespace: string): Error {
  if (!isGrpcServiceError(error)) return error instanceof Error ? error : new Error(String(error));
  const { code, details } = error;
  const operatorDetail = `Temporal responded ${grpcStatus[code]} (${code}) for ${namespace}: ${details}`;
  const failure = (kind: FailureKind, message: string, retryAfterSeconds = 5) =>
    new OperationFailure(kind, message, { retryAfterSeconds, operatorDetail }, { cause: error });

  switch (code) {
    case grpcStatus.NOT_FOUND:
      if (/^Namespace .* is not found/.test(details)) return new ConfigurationFailure(operatorDetail, { cause: error });
      return new TemporalRejection(code, details, { cause: error });
    case grpcStatus.PERMISSION_DENIED:
    case grpcStatus.UNAUTHENTICATED:
      return new ConfigurationFailure(operatorDetail, { cause: error });
    case grpcStatus.RESOURCE_EXHAUSTED:
      if (/concurrent batch operations/.test(details)) {
        return failure(
          'throttled',
          "Temporal's batch engine is busy: it runs one job per namespace at a time. Nothing was done; try again once that job has ended.",
          BUSY_BATCH_ENGINE_SECONDS,
        );
      }
      return failure(
        'throttled',
        'Temporal is limiting calls to this namespace at the moment. Nothing was done; try again later.',
      );
    case grpcStatus.DEADLINE_EXCEEDED:
      return failure('temporal-timeout', 'Temporal did not respond in time.');
    case grpcStatus.UNAVAILABLE:
    case grpcStatus.ABORTED:
    case grpcStatus.CANCELLED:
    case grpcStatus.UNKNOWN:
      return failure('temporal-unavailable', 'Temporal cannot be reached at the moment.');
    default:
      return new TemporalRejection(code, details, { cause: error });
  }
}

/** Whether no connection could be made: the server cannot be reached, or the TLS handshake failed. */
export function isConnectFailure({ code, details }: GrpcServiceError): boolean {
  return code === grpcStatus.UNAVAILABLE && details.startsWith('No connection established');
}

/** Whether the call was certainly not sent. The messages are those of grpc-js. */
export function neverSent(error: GrpcServiceError): boolean {
  return isConnectFailure(error) || error.details === 'Channel closed before call started';
}

/** Adds the reason of a refused connection to a failure, for the operator. An uncertain refusal may be temporary. */
export function withRefusal({ why, certain }: Refusal, failure: Error): Error {
  if (certain || !(failure instanceof OperationFailure)) return new ConfigurationFailure(why, { cause: failure });
  const { kind, message, details, cause } = failure;
  return new OperationFailure(
    kind,
    message,
    { ...details, operatorDetail: `${details.operatorDetail}; ${why}` },
    { cause },
  );
}

/** For `catch` of a read that only adds to a result which is already known. */
export function ignoreFailure(error: unknown): undefined {
  if (!(error instanceof OperationFailure)) throw error;
}
