import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ConfigurationFailure, OperationFailure } from '../api/failures';
import { noopTelemetry } from '../operations/telemetry';
import type { Telemetry } from '../operations/telemetry';
import type { ReadSecret } from '../operations/temporal/connection';

/** Errors that last until an operator changes the secret or the function's permissions. */
const permanentErrors = new Set([
  'ResourceNotFoundException',
  'AccessDeniedException',
  'DecryptionFailure',
  'InvalidRequestException',
  'InvalidParameterException',
]);

/** A caller is waiting: three attempts of at most 3 s each. */
const clientOptions = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
};

/**
 * Reads secrets from AWS Secrets Manager.
 * @throws {ConfigurationFailure} when the secret is missing, has no text or may not be read
 * @throws {OperationFailure} `temporal-unavailable` when Secrets Manager does not respond; a retry can succeed
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
      if (text === undefined) throw new ConfigurationFailure(`secret ${secretArn} holds binary, not text`);
      return text;
    } catch (error) {
      if (error instanceof OperationFailure) throw error;
      const name = error instanceof Error ? error.name : 'unknown error';
      ended(name);
      if (permanentErrors.has(name)) throw new ConfigurationFailure(`secret ${secretArn} cannot be read: ${name}`);
      throw new OperationFailure(
        'temporal-unavailable',
        'The credentials of this namespace could not be read just now. Nothing was done; try again.',
        { retryAfterSeconds: 2, operatorDetail: `Secrets Manager failed for ${secretArn}: ${name}` },
      );
    }
  };
}
