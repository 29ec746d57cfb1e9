import { randomUUID } from 'node:crypto';
import { Client, credentials as channelCredentials, Metadata, status } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import type { TemporalCredentials } from '../../operations/temporal/credentials';
import { findRefusal } from '../../operations/temporal/handshake';
import type { NamespaceConfig } from '../config';

const TIMEOUT_MS = 10_000;
const SERVICE = '/temporal.api.workflowservice.v1.WorkflowService';

/** Why Temporal does not accept requests like those of the functions. `action` is absent if the server does not respond. */
export interface TemporalRefusal {
  found: string;
  action?: string;
}

/**
 * Describes the namespace, and requests the cancellation of a workflow that does not exist, which fails if the credentials
 * only allow reads. Uses gRPC without Temporal's SDK, so that the command's bundle does not include the SDK.
 */
export async function tryCredentials(
  name: string,
  namespace: NamespaceConfig,
  credentials: TemporalCredentials,
): Promise<TemporalRefusal | undefined> {
  const client = clientFor(namespace, credentials);
  const metadata = new Metadata();
  metadata.set('temporal-namespace', name);
  if (credentials.kind === 'apiKey') metadata.set('authorization', `Bearer ${credentials.apiKey}`);
  try {
    await send(client, 'DescribeNamespace', field(1, name), metadata);
    const workflow = field(1, `rewind-deploy-check-${randomUUID()}`);
    const request = Buffer.concat([field(1, name), field(2, workflow), field(3, 'rewind deploy-check')]);
    await send(client, 'RequestCancelWorkflowExecution', request, metadata).catch((error: unknown) => {
      if ((error as ServiceError).code !== status.NOT_FOUND) throw error;
    });
    return undefined;
  } catch (error) {
    return await refusalOf(error as ServiceError, namespace, credentials);
  } finally {
    client.close();
  }
}

function clientFor({ address, tlsServerName }: NamespaceConfig, credentials: TemporalCredentials): Client {
  const pem = (text: string | undefined) => (text === undefined ? null : Buffer.from(text));
  const [key, certificate] =
    credentials.kind === 'mtls' ? [credentials.privateKey, credentials.certificate] : [undefined, undefined];
  const tls = channelCredentials.createSsl(pem(credentials.ca), pem(key), pem(certificate));
  return new Client(address, tls, {
    ...(tlsServerName !== undefined && {
      'grpc.ssl_target_name_override': tlsServerName,
      'grpc.default_authority': tlsServerName,
    }),
  });
}

/** Sends a request. The response is ignored except for its status. */
function send(client: Client, rpc: string, request: Buffer, metadata: Metadata): Promise<void> {
  const same = (bytes: Buffer) => bytes;
  const options = { deadline: Date.now() + TIMEOUT_MS };
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(`${SERVICE}/${rpc}`, same, same, request, metadata, options, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

/** Encodes a length-delimited Protocol Buffers field, a string or message of less than 16 KiB. */
function field(number: number, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const { length } = bytes;
  const size = length < 0x80 ? [length] : [(length & 0x7f) | 0x80, length >> 7];
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...size]), bytes]);
}

async function refusalOf(
  { code, details }: ServiceError,
  namespace: NamespaceConfig,
  credentials: TemporalCredentials,
): Promise<TemporalRefusal> {
  if (code === status.NOT_FOUND) return { found: details, action: 'correct the name or address of the namespace' };
  if (code === status.UNAUTHENTICATED || code === status.PERMISSION_DENIED) {
    const action =
      credentials.kind === 'mtls'
        ? 'add the certificate authority to the namespace, and allow the certificate to write'
        : 'give the owner of the API key write permission on the namespace';
    return { found: `Temporal rejects the credentials: ${details}`, action };
  }
  const refusal = await findRefusal(namespace, credentials);
  if (refusal === undefined) return { found: `no response from ${namespace.address}: ${details}` };
  return { found: refusal.why, action: 'correct the secret, the address or tlsServerName' };
}
