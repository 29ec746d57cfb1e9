import { status as grpcStatus } from '@grpc/grpc-js';
import { isGrpcServiceError } from '@temporalio/client';
import { ConfigurationFailure, OperationFailure } from '../failures';

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

  get notFound(): boolean {
    return this.code === grpcStatus.NOT_FOUND;
  }

  get invalid(): boolean {
    return this.code === grpcStatus.INVALID_ARGUMENT;
  }
}

/** Text of failed TLS handshakes, as OpenSSL, Node and grpc-js put them into an UNAVAILABLE error. */
const handshakeTrouble =
  /\balert\b|certificate|self.signed|unable to verify|ERR_TLS|ERR_SSL|altname|wrong version number|EPROTO/i;

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
      if (handshakeTrouble.test(details)) return new ConfigurationFailure(log.operatorDetail, options);
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
