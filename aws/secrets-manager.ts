import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ConfigurationFailure, OperationFailure } from '../api/failures';
import { noopTelemetry } from '../operations/telemetry';
import type { Telemetry } from '../operations/telemetry';
import type { ReadSecret } from '../operations/temporal/connection';

/** Errors that a retry cannot fix: an operator has to change the secret or the function's permissions. */
const permanentErrors = new Set([
  'ResourceNotFoundException',
  'AccessDeniedException',
  'DecryptionFailure',
  'InvalidRequestException',
  'InvalidParameterException',
]);

/** Short, because a caller waits. */
const clientOptions = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
};

/**
 * Returns a function that reads a secret from AWS Secrets Manager. It throws a `ConfigurationFailure` when the secret is
 * missing, binary or not readable, and an `OperationFailure` `temporal-unavailable` when a retry can succeed.
 */
export function secretsManagerReader(
  client = new SecretsManagerClient(clientOptions),
  telemetry: Telemetry = noopTelemetry,
): ReadSecret {
  return async (secretArn) => {
    const ended = telemetry.startCall('secret', 'GetSecretValue');
    try {
      const { SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
      ended();
      if (text === undefined) throw new ConfigurationFailure(`secret ${secretArn} is binary, not text`);
      return text;
    } catch (error) {
      if (error instanceof OperationFailure) throw error;
      const name = error instanceof Error ? error.name : 'unknown error';
      ended(name);
      if (permanentErrors.has(name)) throw new ConfigurationFailure(`secret ${secretArn} cannot be read: ${name}`);
      throw new OperationFailure(
        'temporal-unavailable',
        'The credentials of this namespace could not be read. Nothing was done. Try again.',
        { retryAfterSeconds: 2, operatorDetail: `Secrets Manager failed for ${secretArn}: ${name}` },
      );
    }
  };
}
