import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AwsKeys } from './ministack';
import { inProject } from './project';
import { safetyNet } from './cleanup-on-exit';
import { shellEnvironment } from './shell';

/** Everything a client of the local cloud has to know: the content of `.rewind/local.json`. */
export interface LocalDetails {
  /** Base of the HTTP API, without a slash at the end. Any client that signs for the service `execute-api` can use it. */
  apiUrl: string;
  region: string;
  accountId: string;
  /** An IAM user that may do everything. Worth nothing outside this local cloud. */
  credentials: AwsKeys;
  /** Where all AWS APIs of this cloud are. */
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
  /** Where everything that runs writes its log. */
  logFolder: string;
}

/** How to reach the namespace without Rewind. */
export interface TemporalDetails {
  /** `host:port` that wants a client certificate. */
  address: string;
  /** Name in the server's certificate, where it is not the address's host. */
  tlsServerName?: string;
  /** PEM file of the authority that signed the server's certificate; absent where a public one did. */
  caCertPath?: string;
  clientCertPath: string;
  clientKeyPath: string;
  /** PEM files of another certificate that the server takes as well, and its key: for trying a rotation. */
  nextClientCertPath?: string;
  nextClientKeyPath?: string;
  /** `host:port` that asks for nothing; absent when the Temporal service is not started here. */
  plaintextAddress?: string;
}

/** Where the details of the local cloud that `npm start` keeps up are found. */
export const localJsonPath = inProject('.rewind', 'local.json');

/** Beside the details, the same for a shell. */
const shellFile = (file: string) => path.join(path.dirname(file), 'env.sh');

/** @param temporalCli see {@link shellEnvironment} */
export async function writeDetails(details: LocalDetails, file: string, temporalCli?: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  safetyNet.addPath(file);
  await writeFile(file, `${JSON.stringify(details, undefined, 2)}\n`, { mode: 0o600 });
  safetyNet.addPath(shellFile(file));
  await writeFile(shellFile(file), shellEnvironment(details, temporalCli), { mode: 0o600 });
}

/** Removes what {@link writeDetails} wrote, unless another local cloud has written its own there since. */
export async function removeDetails(details: LocalDetails, file: string): Promise<void> {
  const current = await readDetails(file).catch(() => undefined);
  for (const written of [file, shellFile(file)]) {
    if (current?.apiUrl === details.apiUrl) await rm(written, { force: true });
    safetyNet.removePath(written);
  }
}

async function readDetails(file: string): Promise<LocalDetails> {
  const details: LocalDetails = JSON.parse(await readFile(file, 'utf8'));
  return details;
}
