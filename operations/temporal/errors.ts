import { status as grpcStatus } from '@grpc/grpc-js';
import type { ServiceError as GrpcServiceError } from '@grpc/grpc-js';
import { isGrpcServiceError } from '@temporalio/client/lib/errors';
import { ConfigurationFailure, OperationFailure } from '../../api/failures';
import type { Refusal } from './handshake';

/**
 * A gRPC error that only the operation at hand can put into words: which of the caller's fields was wrong depends on
 * what was asked. `details` is the server's own text.
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

  /** The request was looked at and turned down: nothing was done. */
  get refused(): boolean {
    return this.invalid || this.code === grpcStatus.FAILED_PRECONDITION;
  }
}

/** A batch job takes 20 s for each thousand of workflows; when to look whether it has ended, in seconds. */
const BUSY_BATCH_ENGINE_SECONDS = 30;

/**
 * Sorts a failed call into what the caller can do about it.
 * The codes and texts were observed on servers 1.29.1 and 1.31.2, see docs/temporal-semantics.md.
 */
export function temporalFailure(error: unknown, namespace: string): Error {
  if (!isGrpcServiceError(error)) return error instanceof Error ? error : new Error(String(error));
  const { code, details } = error;
  const options = { cause: error };
  const log = { operatorDetail: `Temporal answered ${grpcStatus[code]} (${code}) for ${namespace}: ${details}` };

  switch (code) {
    case grpcStatus.NOT_FOUND:
      if (/^Namespace .* is not found/.test(details)) return new ConfigurationFailure(log.operatorDetail, options);
      return new TemporalRejection(code, details, options);
    case grpcStatus.PERMISSION_DENIED:
    case grpcStatus.UNAUTHENTICATED:
      return new ConfigurationFailure(log.operatorDetail, options);
    case grpcStatus.RESOURCE_EXHAUSTED:
      if (/concurrent batch operations/.test(details)) {
        return new OperationFailure(
          'throttled',
          "Temporal's batch engine is busy: it carries out one job of a namespace at a time, whoever began it. Nothing was done; try again once that job has ended.",
          { retryAfterSeconds: BUSY_BATCH_ENGINE_SECONDS, ...log },
          options,
        );
      }
      return new OperationFailure(
        'throttled',
        'Temporal is limiting calls to this namespace at the moment. Nothing was done; try again later.',
        { retryAfterSeconds: 5, ...log },
        options,
      );
    case grpcStatus.DEADLINE_EXCEEDED:
      return new OperationFailure(
        'temporal-timeout',
        'Temporal did not answer in time.',
        { retryAfterSeconds: 5, ...log },
        options,
      );
    case grpcStatus.UNAVAILABLE:
    case grpcStatus.ABORTED:
    case grpcStatus.CANCELLED:
    case grpcStatus.UNKNOWN:
      return new OperationFailure(
        'temporal-unavailable',
        'Temporal cannot be reached at the moment.',
        { retryAfterSeconds: 5, ...log },
        options,
      );
    default:
      return new TemporalRejection(code, details, options);
  }
}

/** Whether no connection could be made at all: the server is not there, or it and our certificate do not agree. */
export function isConnectFailure({ code, details }: GrpcServiceError): boolean {
  return code === grpcStatus.UNAVAILABLE && details.startsWith('No connection established');
}

/** Whether the call surely did not leave this process. The texts are grpc-js's. */
export function neverSent(error: GrpcServiceError): boolean {
  return isConnectFailure(error) || error.details === 'Channel closed before call started';
}

/** The failure, with what the operator has to know of the refusal. Only a refusal with a reason is surely no passing one. */
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
