import { randomUUID } from 'node:crypto';
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

const secretsManager = new SecretsManagerClient({});

/** A secret in the Secrets Manager of the integration tests. */
export class StoredSecret {
  private constructor(readonly arn: string) {}

  static async create(text: string): Promise<StoredSecret> {
    const { ARN: arn = '' } = await secretsManager.send(
      new CreateSecretCommand({ Name: randomUUID(), SecretString: text }),
    );
    return new StoredSecret(arn);
  }

  async put(text: string): Promise<void> {
    await secretsManager.send(new PutSecretValueCommand({ SecretId: this.arn, SecretString: text }));
  }
}
