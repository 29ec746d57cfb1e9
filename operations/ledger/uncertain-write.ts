import { isFailure, OperationFailure } from '../../api/failures';

/**
 * Replaces the failure of a write to the ledger that is itself the change: DynamoDB may have executed the write although its
 * response was lost, and `ledger-unavailable` means that nothing was done. Returns other errors unchanged.
 *
 * @param possible a sentence that says what may have been done, without its full stop
 */
export function uncertainWrite(error: unknown, possible: string): unknown {
  if (!isFailure(error, 'ledger-unavailable')) return error;
  const { retryAfterSeconds = 2, operatorDetail } = error.details;
  return new OperationFailure(
    'temporal-timeout',
    `The operation ledger does not respond. ${possible}: repeat the request with its Idempotency-Key.`,
    { retryAfterSeconds, operatorDetail },
    { cause: error },
  );
}
