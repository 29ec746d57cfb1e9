import path from 'node:path';
import { makeCertificates } from '../../local/temporal/certificates';
import { startTlsGateway } from '../../local/temporal/tls-gateway';
import type { TlsGateway } from '../../local/temporal/tls-gateway';
import type { DynamoDbLedger } from '../../aws/dynamodb-ledger';
import { EnvironmentVariable } from '../../aws/environment';
import { namespace } from './scripted-workflow';
import { temporalAddressVariable } from './server-address';
import { StoredSecret } from './stored-secret';
import { workerImage } from './worker-image';
import { WorkerProcess } from './worker-process';

const serverName = 'batch.temporal.test';

/**
 * Workers that execute batch operations: separate processes, built like the image, connected with mutual TLS, with the
 * ledger in DynamoDB.
 */
export class BatchWorkers {
  private readonly started: WorkerProcess[] = [];

  private constructor(
    private readonly image: string,
    private readonly gateway: TlsGateway,
    private readonly secretArn: string,
  ) {}

  /** @param upstream address of the Temporal server; default: the tests' server */
  static async create(upstream = process.env[temporalAddressVariable] ?? ''): Promise<BatchWorkers> {
    const { server, ca, client } = await makeCertificates(serverName);
    const [gateway, { arn }, image] = await Promise.all([
      startTlsGateway({ upstream, server, ca }),
      StoredSecret.create(JSON.stringify({ ...client, ca })),
      workerImage(),
    ]);
    return new BatchWorkers(image, gateway, arn);
  }

  /**
   * @param nodeOptions flags for Node.js itself
   * @param version its deployment version; default: no worker versioning
   */
  async start(
    ledger: DynamoDbLedger,
    taskQueue: string,
    nodeOptions: string[] = [],
    version?: { deploymentName: string; buildId: string },
  ): Promise<WorkerProcess> {
    const address = `127.0.0.1:${this.gateway.port}`;
    const worker = await WorkerProcess.start(
      {
        [EnvironmentVariable.namespaces]: JSON.stringify({
          [namespace]: { address, secretArn: this.secretArn, tlsServerName: serverName },
        }),
        [EnvironmentVariable.workerNamespace]: namespace,
        [EnvironmentVariable.taskQueue]: taskQueue,
        [EnvironmentVariable.ledgerTable]: ledger.tableName,
        [EnvironmentVariable.ledgerRetentionDays]: '1',
        ...(version && {
          [EnvironmentVariable.deploymentName]: version.deploymentName,
          [EnvironmentVariable.buildId]: version.buildId,
        }),
      },
      [...nodeOptions, path.join(this.image, 'main.js')],
    );
    this.started.push(worker);
    await worker.waitUntilReady();
    return worker;
  }

  get count(): number {
    return this.started.length;
  }

  async killAll(): Promise<void> {
    await Promise.all(this.started.splice(0).map((worker) => worker.stop('SIGKILL')));
  }

  async close(): Promise<void> {
    await this.killAll();
    await this.gateway.stop();
  }
}
