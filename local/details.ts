import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AwsKeys } from './ministack/ministack';
import { inProject } from './project';

/** Details with which clients reach the local stack: the content of `.rewind/local.json`. */
export interface LocalDetails {
  /** Base URL of the HTTP API, without a trailing slash. Clients sign requests for the service `execute-api`. */
  apiUrl: string;
  region: string;
  accountId: string;
  /** Access key of an IAM user that may do everything in this local stack. */
  credentials: AwsKeys;
  /** Endpoint of all AWS APIs. */
  awsEndpointUrl: string;
  eventBusName: string;
  /** The `source` of events that may cancel workflows here. */
  eventSource: string;
  /** DynamoDB table of the operation ledger. */
  ledgerTableName: string;
  /** The namespace that the worker polls. */
  namespace: string;
  /** Managed IAM policies, by their outputs' names: `AccessPolicyReader`, `AccessPolicyCanceller`, … */
  accessPolicyArns: Record<string, string>;
  /** The task queue that the worker polls. */
  taskQueue: string;
  /** Base URL of the Temporal Web UI, if known. */
  webUiUrl?: string;
  /** The secret with the certificate, by namespace. */
  secretArns: Record<string, string>;
  temporal: TemporalDetails;
  /** Folder with the logs. */
  logFolder: string;
}

/** Details with which clients reach the namespace without Rewind. */
export interface TemporalDetails {
  /** `host:port` that requires a client certificate. */
  address: string;
  /** Name in the server's certificate, if it is not the host of the address. */
  tlsServerName?: string;
  /** PEM file of the private authority that signed the server's certificate; absent for a public authority. */
  caCertPath?: string;
  clientCertPath: string;
  clientKeyPath: string;
  /** PEM files of another certificate that the server accepts, and its key, to try a rotation. */
  nextClientCertPath?: string;
  nextClientKeyPath?: string;
  /** `host:port` without TLS; absent if the Temporal service was not started by the local stack. */
  plaintextAddress?: string;
}

/** Folder for the details of the local stack that `npm start` runs. */
export const checkoutFolder = inProject('.rewind');

/** The files with the details of a local stack. */
export interface DetailsFiles {
  /** JSON file for programs: {@link LocalDetails}. */
  json: string;
  /** The same as lines for a shell. */
  shell: string;
}

/**
 * Writes the details into a folder.
 * @param shell returns the details as lines for a shell, given the path of the JSON file
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
