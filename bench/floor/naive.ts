import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Client, Connection } from '@temporalio/client';

/* A first version: the SDKs as their READMEs show them, bundled and minified with esbuild's defaults. No ledger. */

const { FLOOR_ADDRESS = '', FLOOR_SERVER_NAME = '', FLOOR_SECRET = '' } = process.env;

interface NaiveEvent {
  httpMethod: string;
  workflowId: string;
}

export async function handler({ httpMethod, workflowId }: NaiveEvent): Promise<{ statusCode: number; body: string }> {
  const secrets = new SecretsManagerClient({});
  const { SecretString: secret = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: FLOOR_SECRET }));
  const { ca, privateKey, certificate } = JSON.parse(secret) as Record<'ca' | 'privateKey' | 'certificate', string>;
  const connection = await Connection.connect({
    address: FLOOR_ADDRESS,
    tls: {
      serverNameOverride: FLOOR_SERVER_NAME,
      serverRootCACertificate: Buffer.from(ca),
      clientCertPair: { crt: Buffer.from(certificate), key: Buffer.from(privateKey) },
    },
  });
  const workflow = new Client({ connection }).workflow.getHandle(workflowId);
  const { runId } = await workflow.describe();
  if (httpMethod !== 'GET') await workflow.cancel();
  return { statusCode: 200, body: runId };
}
