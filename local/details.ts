import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AwsKeys } from './ministack';
import { inProject } from './project';
import { cleanupOnExit } from './cleanup-on-exit';

/** How clients reach the local stack: the content of `.rewind/local.json`. */
export interface LocalDetails {
  /** Base of the HTTP API, without a slash at the end. Any client that signs for the service `execute-api` can use it. */
  apiUrl: string;
  region: string;
  accountId: string;
  /** Of an IAM user that may do everything in this local stack. */
  credentials: AwsKeys;
  /** Endpoint of all AWS APIs. */
  awsEndpointUrl: string;
  eventBusName: string;
  /** The `source` of events that may cancel workflows here. */
  eventSource: string;
  /** DynamoDB table that is the operation ledger. */
  ledgerTableName: string;
  /** The namespace that the worker polls. */
  namespace: string;
  /** Managed IAM policies, by their outputs' names: `AccessPolicyReader`, `AccessPolicyCanceller`, … */
  accessPolicyArns: Record<string, string>;
  /** What the worker polls. */
  taskQueue: string;
  /** Base of the Temporal Web UI, where one is known. */
  webUiUrl?: string;
  /** The secret that holds the certificate, of each namespace. */
  secretArns: Record<string, string>;
  temporal: TemporalDetails;
  /** Folder with the logs. */
  logFolder: string;
}

/** How to reach the namespace without Rewind. */
export interface TemporalDetails {
  /** `host:port` that requires a client certificate. */
  address: string;
  /** Name in the server's certificate, where it is not the address's host. */
  tlsServerName?: string;
  /** PEM file of the authority that signed the server's certificate; absent where a public one did. */
  caCertPath?: string;
  clientCertPath: string;
  clientKeyPath: string;
  /** PEM files of another certificate that the server accepts, and its key: to try a rotation with. */
  nextClientCertPath?: string;
  nextClientKeyPath?: string;
  /** `host:port` without TLS; absent when the Temporal service is not started here. */
  plaintextAddress?: string;
}

/** Details of the local stack that `npm start` runs. */
export const localJsonPath = inProject('.rewind', 'local.json');

/** The same for a shell, beside the details. */
const shellFile = (file: string) => path.join(path.dirname(file), 'env.sh');

/** @param shell the same as lines for a shell */
export async function writeDetails(details: LocalDetails, file: string, shell: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  cleanupOnExit.addPath(file);
  await writeFile(file, `${JSON.stringify(details, undefined, 2)}\n`, { mode: 0o600 });
  cleanupOnExit.addPath(shellFile(file));
  await writeFile(shellFile(file), shell, { mode: 0o600 });
}

/** Removes what {@link writeDetails} wrote, unless another local stack has written its own there since. */
export async function removeDetails(details: LocalDetails, file: string): Promise<void> {
  const current = await readDetails(file).catch(() => undefined);
  for (const written of [file, shellFile(file)]) {
    if (current?.apiUrl === details.apiUrl) await rm(written, { force: true });
    cleanupOnExit.removePath(written);
  }
}

async function readDetails(file: string): Promise<LocalDetails> {
  const details: LocalDetails = JSON.parse(await readFile(file, 'utf8'));
  return details;
}
