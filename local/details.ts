import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AwsKeys } from './ministack';
import { inProject } from './project';

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

/** For the details of the local stack that `npm start` runs. */
export const checkoutFolder = inProject('.rewind');

/** The files with the details of a local stack. */
export interface DetailsFiles {
  /** For programs: {@link LocalDetails}. */
  json: string;
  /** The same for a shell. */
  shell: string;
}

/**
 * Writes the details into a folder of this process.
 * @param shell the same as lines for a shell, which may name the file for programs
 */
export async function writeDetails(
  details: LocalDetails,
  folder: string,
  shell: (jsonFile: string) => string,
): Promise<DetailsFiles> {
  const files = { json: path.join(folder, 'local.json'), shell: path.join(folder, 'env.sh') };
  await writeFile(files.json, `${JSON.stringify(details, undefined, 2)}\n`, { mode: 0o600 });
  await writeFile(files.shell, shell(files.json), { mode: 0o600 });
  return files;
}
