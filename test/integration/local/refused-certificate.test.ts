import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stepsOn } from '../../../local/steps';
import { openTemporalService } from '../../../local/temporal/service';
import { startWorker } from '../../../local/processes/worker-process';
import { NamespaceEndpoint } from '../../support/namespace-endpoint';
import type { Credentials } from '../../support/namespace-endpoint';
import { StoredSecret } from '../../support/stored-secret';
import { temporaryFolder } from '../../support/temporary-folder';
import { namespace } from '../../support/test-worker';

/** Shorter than the two minutes for which the worker retries. */
const LIMIT_MS = 60_000;

const folder = temporaryFolder();
let endpoint: NamespaceEndpoint;
let admitted: Credentials;
let refused: Credentials;

beforeAll(async () => {
  endpoint = await NamespaceEndpoint.create();
  [admitted, refused] = await Promise.all([NamespaceEndpoint.credentials(), NamespaceEndpoint.credentials()]);
  await endpoint.trust(admitted);
});
afterAll(() => endpoint.close());

test(
  'npm start reports before the deployment that a running Temporal service refuses its certificate',
  async () => {
    const { client } = refused.certificates;
    const files = { CERT: client.certificate, KEY: client.privateKey, CA: admitted.certificates.ca };
    const environment: Record<string, string> = {
      REWIND_TEMPORAL_ADDRESS: endpoint.connection.address,
      REWIND_TEMPORAL_NAMESPACE: namespace,
      REWIND_TEMPORAL_SERVER_NAME: endpoint.connection.tlsServerName ?? '',
    };
    for (const [name, pem] of Object.entries(files)) {
      environment[`REWIND_TEMPORAL_${name}`] = path.join(folder, name);
      await writeFile(path.join(folder, name), pem);
    }

    const opened = openTemporalService({ folder, steps: stepsOn(process.stderr) }, environment);

    await expect(opened).rejects.toThrow(
      `refuses the credentials in secret rewind/${namespace} (REWIND_TEMPORAL_CERT, REWIND_TEMPORAL_KEY)`,
    );
  },
  LIMIT_MS,
);

test(
  'npm start reports while it waits for the worker that the namespace refuses a secret’s certificate, with the secret’s ARN',
  async () => {
    const secret = JSON.stringify({ ...refused.certificates.client, ca: admitted.certificates.ca });
    const { arn } = await StoredSecret.create(secret);
    const { address, tlsServerName = '' } = endpoint.connection;
    const worker = startWorker({
      details: {
        awsEndpointUrl: process.env['AWS_ENDPOINT_URL'] ?? '',
        credentials: {
          accessKeyId: process.env['AWS_ACCESS_KEY_ID'] ?? '',
          secretAccessKey: process.env['AWS_SECRET_ACCESS_KEY'] ?? '',
        },
        ledgerTableName: 'ledger',
        namespace,
        region: process.env['AWS_REGION'] ?? '',
        secretArns: { [namespace]: arn },
        taskQueue: 'refused',
        temporal: { address, tlsServerName, clientCertPath: '', clientKeyPath: '' },
      },
      logFile: path.join(folder, 'worker.log'),
      modules: { workflows: [], activities: [] },
    });

    await expect(worker).rejects.toThrow(`The worker cannot poll: ${address} refuses the credentials in secret ${arn}`);
  },
  LIMIT_MS,
);
