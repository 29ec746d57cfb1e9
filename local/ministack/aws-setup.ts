import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import type { KeyPair } from '../temporal/certificates';
import { workerUserName } from '../deployment-config';
import type { AwsKeys, MiniStack } from './ministack';

const clientOptions = ({ endpointUrl, region }: MiniStack, credentials: AwsKeys) => ({
  endpoint: endpointUrl,
  region,
  // A copy, because the SDK modifies the object.
  credentials: { ...credentials },
  maxAttempts: 3,
});

/**
 * Creates an IAM user that may do everything, and its access key. MiniStack checks neither signature nor permissions of
 * the account's root user, so requests that test something must be signed by an IAM user.
 */
export function createOperator(ministack: MiniStack): Promise<AwsKeys> {
  const iam = new IAMClient(clientOptions(ministack, ministack.rootKeys));
  return createUser(iam, 'rewind-operator', async (UserName) => {
    const everything = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    };
    await iam.send(
      new PutUserPolicyCommand({ UserName, PolicyName: 'everything', PolicyDocument: JSON.stringify(everything) }),
    );
  }).finally(() => iam.destroy());
}

/** Creates an access key for the worker's IAM user. */
export async function createWorkerKeys(ministack: MiniStack): Promise<AwsKeys> {
  const iam = new IAMClient(clientOptions(ministack, ministack.rootKeys));
  return createAccessKey(iam, workerUserName).finally(() => iam.destroy());
}

/** Creates an IAM user and its access key. `allow` attaches its policies. */
export async function createUser(
  iam: IAMClient,
  userName: string,
  allow: (userName: string) => Promise<unknown>,
): Promise<AwsKeys> {
  await iam.send(new CreateUserCommand({ UserName: userName }));
  await allow(userName);
  return createAccessKey(iam, userName);
}

async function createAccessKey(iam: IAMClient, userName: string): Promise<AwsKeys> {
  const { AccessKey: key } = await iam.send(new CreateAccessKeyCommand({ UserName: userName }));
  if (!key?.AccessKeyId || !key.SecretAccessKey) throw new Error('MiniStack created no access key');
  return { accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey };
}

/**
 * Stores a namespace's certificate in a secret, in Rewind's format.
 * @param ca PEM of the private authority that signed the server's certificate; absent for a public authority
 * @returns the secret's complete ARN
 */
export async function storeCertificate(
  ministack: MiniStack,
  keys: AwsKeys,
  namespace: string,
  { certificate, privateKey, ca }: KeyPair & { ca?: string | undefined },
): Promise<string> {
  const secretsManager = new SecretsManagerClient(clientOptions(ministack, keys));
  try {
    const { ARN } = await secretsManager.send(
      new CreateSecretCommand({
        Name: `rewind/${namespace}`,
        SecretString: JSON.stringify({ certificate, privateKey, ca }),
      }),
    );
    if (!ARN) throw new Error('MiniStack stored no secret');
    return ARN;
  } finally {
    secretsManager.destroy();
  }
}
