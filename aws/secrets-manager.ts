import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ConfigurationFailure, OperationFailure } from '../api/failures';
import { noopTelemetry } from '../operations/telemetry';
import type { Telemetry } from '../operations/telemetry';
import type { ReadSecret } from '../operations/temporal/connection';

/** Errors that stay until an operator changes something: the secret or the function's permissions. */
const lasting = new Set([
  'ResourceNotFoundException',
  'AccessDeniedException',
  'DecryptionFailure',
  'InvalidRequestException',
  'InvalidParameterException',
]);

/** A person is waiting, and nothing has been done yet: three attempts of at most 3 s each. */
const patience = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
};

/**
 * Reads secrets from AWS Secrets Manager.
 * @throws {ConfigurationFailure} when the secret is missing, has no text or may not be read
 * @throws {OperationFailure} `temporal-unavailable` when Secrets Manager does not answer: worth trying again
 */
export function secretsManagerReader(
  client = new SecretsManagerClient(patience),
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
      if (lasting.has(name)) throw new ConfigurationFailure(`secret ${secretArn} cannot be read: ${name}`);
      throw new OperationFailure(
        'temporal-unavailable',
        'The credentials of this namespace could not be read just now. Nothing was done; try again.',
        { retryAfterSeconds: 2, operatorDetail: `Secrets Manager failed for ${secretArn}: ${name}` },
      );
    }
  };
}
