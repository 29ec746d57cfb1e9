import { lookup } from 'node:dns/promises';
import { DescribeSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ConfigurationFailure } from '../../api/failures';
import {
  certificateExpiry,
  certificateProblem,
  DAYS_TO_RENEW,
  daysUntil,
  parseCredentials,
} from '../../operations/temporal/credentials';
import type { TemporalCredentials } from '../../operations/temporal/credentials';
import type { NamespaceConfig } from '../config';
import { isDenied, named } from './check';
import type { Check } from './check';
import { tryCredentials } from './temporal';

const STORE = 'store {"certificate": PEM, "privateKey": PEM} or {"apiKey": "…"}: docs/deployment.md';

export interface NamespaceCheckOptions {
  secrets: SecretsManagerClient;
  /** VPC of the functions. Temporal may only be reachable from this VPC. */
  vpcId: string | undefined;
}

/** Checks whether the functions can read the namespace's secret, and whether Temporal accepts the credentials in it. */
export async function checkNamespace(
  name: string,
  namespace: NamespaceConfig,
  { secrets, vpcId }: NamespaceCheckOptions,
): Promise<Check[]> {
  const { check, credentials } = await checkSecret(name, namespace, secrets);
  const address = await checkAddress(name, namespace, vpcId);
  if (credentials === undefined) return [check, address];
  const checks = [check, ...checkCertificate(name, credentials), address];
  if (address.result !== 'ok') return checks;
  return [...checks, await checkAccepted(name, namespace, { credentials, vpcId })];
}

async function checkSecret(
  name: string,
  { secretArn, secretKmsKeyArn }: NamespaceConfig,
  secrets: SecretsManagerClient,
): Promise<{ check: Check; credentials?: TemporalCredentials }> {
  const check = `${name} secret`;
  try {
    const { SecretString: text = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: secretArn }));
    const credentials = parseCredentials(text, secretArn);
    const key = await keyOf(secretArn, secrets);
    if (key !== undefined && secretKmsKeyArn === undefined) {
      const action = `add namespaces.${name}.secretKmsKeyArn, so that the functions can decrypt the secret`;
      return { check: { check, result: 'failed', found: `encrypted with the KMS key ${key}`, action }, credentials };
    }
    const kind = credentials.kind === 'mtls' ? 'a certificate and its private key' : 'an API key';
    return { check: { check, result: 'ok', found: `${kind}${credentials.ca ? ', and "ca"' : ''}` }, credentials };
  } catch (error) {
    return { check: { check, ...secretProblem(error, secretArn) } };
  }
}

function secretProblem(error: unknown, secretArn: string): Omit<Check, 'check'> {
  const { name, message } = named(error);
  if (isDenied(error)) {
    const action = 'allow secretsmanager:GetSecretValue, and kms:Decrypt if the secret has a customer managed key';
    return { result: 'unknown', found: `not readable with these credentials: ${message}`, action };
  }
  if (name === 'ResourceNotFoundException')
    return { result: 'failed', found: `there is no ${secretArn}`, action: STORE };
  if (name === 'InvalidRequestException') {
    return { result: 'failed', found: message, action: `aws secretsmanager restore-secret --secret-id ${secretArn}` };
  }
  // The message of a ConfigurationFailure is the generic one for callers of the API.
  const found = error instanceof ConfigurationFailure ? error.details.operatorDetail : message;
  return { result: 'failed', found: found ?? message, action: STORE };
}

/** Returns the customer managed key of a secret. `undefined` if it has none or its description cannot be read. */
async function keyOf(secretArn: string, secrets: SecretsManagerClient): Promise<string | undefined> {
  try {
    const { KmsKeyId: key } = await secrets.send(new DescribeSecretCommand({ SecretId: secretArn }));
    return key === undefined || key === '' || key.endsWith('alias/aws/secretsmanager') ? undefined : key;
  } catch {
    return undefined;
  }
}

function checkCertificate(name: string, credentials: TemporalCredentials): Check[] {
  const expiry = certificateExpiry(credentials);
  if (expiry === undefined) return [];
  const check = `${name} certificate`;
  const action = 'replace it: docs/runbook.md#a-certificate-ends-soon';
  const problem = certificateProblem(credentials);
  if (problem !== undefined) return [{ check, result: 'failed', found: problem, action }];
  const found = `valid until ${expiry.toISOString()}`;
  return [{ check, result: 'ok', found, ...(daysUntil(expiry) <= DAYS_TO_RENEW && { action }) }];
}

async function checkAddress(name: string, { address }: NamespaceConfig, vpcId: string | undefined): Promise<Check> {
  const check = `${name} address`;
  const host = address.slice(0, address.lastIndexOf(':'));
  try {
    const { address: found } = await lookup(host);
    return { check, result: 'ok', found: `${host} is ${found}` };
  } catch (error) {
    return { check, ...notFromHere(`${host} does not resolve: ${named(error).message}`, name, vpcId) };
  }
}

async function checkAccepted(
  name: string,
  namespace: NamespaceConfig,
  { credentials, vpcId }: { credentials: TemporalCredentials; vpcId: string | undefined },
): Promise<Check> {
  const check = `${name} access`;
  const refusal = await tryCredentials(name, namespace, credentials);
  if (refusal === undefined) return { check, result: 'ok', found: 'Temporal accepts the credentials for changes' };
  const { found, action } = refusal;
  if (action === undefined) return { check, ...notFromHere(found, name, vpcId) };
  return { check, result: 'failed', found, action };
}

/** Returns the result for an unreachable address: `unknown` if it may only be reachable from the functions' VPC. */
function notFromHere(found: string, name: string, vpcId: string | undefined): Omit<Check, 'check'> {
  if (vpcId === undefined) return { result: 'failed', found, action: `correct namespaces.${name}.address` };
  return { result: 'unknown', found, action: `run this in ${vpcId}, where the functions will be` };
}
