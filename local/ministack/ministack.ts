import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { get } from 'node:http';
import path from 'node:path';
import { startMiniStackFilter } from './filter';
import type { MiniStackFilter } from './filter';
import { freePort, withFreshPorts } from '../processes/ports';
import { startProcess, waitUntilReady } from '../processes/processes';
import { inProject } from '../project';
import { pythonWith } from '../installed/python';
import type { PythonOptions } from '../installed/python';

const MINISTACK_VERSION = '1.5.33';
const READY_TIMEOUT_MS = 60_000;

/** An AWS access key, in the format of the AWS SDKs. */
export interface AwsKeys {
  accessKeyId: string;
  secretAccessKey: string;
}

export interface MiniStack {
  endpointUrl: string;
  region: string;
  accountId: string;
  /** Access key of the emulated account's root user, only for setup. */
  rootKeys: AwsKeys;
  logFile: string;
  /** Resolves when the emulator has ended, with a description. */
  failure: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Returns the Python interpreter of a virtual environment with MiniStack, which is installed first if the cache has none.
 * @throws {UserError} if there is no suitable Python or the installation fails
 */
export async function findMiniStack(options: Omit<PythonOptions, 'requirements'> = {}): Promise<string> {
  const requirements = inProject('local/ministack/requirements.txt');
  return pythonWith('ministack', MINISTACK_VERSION, { ...options, requirements });
}

/**
 * Starts MiniStack with authentication and authorization, behind a filter ({@link startMiniStackFilter}), and
 * waits until it is ready. It stores data in memory and in `folder`.
 *
 * @param options.python interpreter with MiniStack, see {@link findMiniStack}
 * @param options.folder folder for its socket, log, temporary files and unpacked functions; accessible only to this user
 * @param options.forwarded ports of 127.0.0.1 whose connections are forwarded to MiniStack
 */
export async function startMiniStack(options: {
  python: string;
  folder: string;
  forwarded?: readonly number[];
  signal?: AbortSignal | undefined;
}): Promise<MiniStack> {
  const region = 'us-east-1';
  const accountId = '000000000000';
  const rootKeys = {
    accessKeyId: `LOCALROOT${randomBytes(16).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(20).toString('hex'),
  };
  const logFile = path.join(options.folder, 'ministack.log');
  const temporary = path.join(options.folder, 'ministack');
  const socketPath = path.join(options.folder, 'ministack.sock');
  await mkdir(temporary, { recursive: true });

  return withFreshPorts(async () => {
    const port = await freePort();
    const server = await startProcess(options.python, [inProject('local/ministack/start_ministack.py'), socketPath], {
      name: 'MiniStack',
      logFile,
      cwd: temporary,
      // Functions inherit this environment: no settings of a real AWS account in it.
      env: {
        // Functions run on the Node.js that runs this.
        PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env['PATH'] ?? ''}`,
        HOME: temporary,
        TMPDIR: temporary,
        PYTHONUNBUFFERED: '1',
        // The filter's port, which MiniStack uses in the addresses that it returns and as the endpoint of its functions.
        GATEWAY_PORT: String(port),
        AUTH: 'true',
        AWS_ACCESS_KEY_ID: rootKeys.accessKeyId,
        AWS_SECRET_ACCESS_KEY: rootKeys.secretAccessKey,
        MINISTACK_REGION: region,
        MINISTACK_ACCOUNT_ID: accountId,
        LAMBDA_EXECUTOR: 'local',
        // Set by Lambda; functions use it to count cold starts.
        AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        // MiniStack would remove Docker containers of other MiniStacks, and listen on well-known ports for IoT and SFTP.
        DOCKER_HOST: 'unix:///nonexistent/no-docker-here.sock',
        IOT_MTLS_ENABLED: '0',
        SFTP_ENABLED: '0',
      },
    });
    let filter: MiniStackFilter | undefined;
    const stop = async () => {
      await filter?.stop();
      await server.stop();
    };
    try {
      filter = await startMiniStackFilter(port, socketPath, options.forwarded);
      await waitUntilReady(server, () => isReady(socketPath), {
        what: 'MiniStack',
        timeoutMs: READY_TIMEOUT_MS,
        signal: options.signal,
      });
    } catch (error) {
      await stop();
      throw error;
    }
    return {
      endpointUrl: filter.endpointUrl,
      region,
      accountId,
      rootKeys,
      logFile,
      failure: server.end.then(({ how }) => how),
      stop,
    };
  });
}

function isReady(socketPath: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    get({ socketPath, path: '/_ministack/ready' }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on('error', reject);
  });
}
