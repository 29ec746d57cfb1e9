import { readFileSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { spawnSync } from 'node:child_process';
import { cachedFolder } from '../../../local/installed/cache-folder';
import { goInstall } from '../../../local/installed/go-install';
import { freePort, withFreshPorts } from '../../../local/processes/ports';
import { startProcess, waitUntilReady } from '../../../local/processes/processes';
import type { RunningProcess } from '../../../local/processes/processes';
import { unpackNpmPackage } from '../../../local/installed/npm-package';
import { deployedNode, obstacleTo, ownArchitecture } from '../../../local/installed/deployed-node';
import type { Architecture } from '../../../local/installed/deployed-node';

/*
 * Runs a function like Lambda: AWS's Runtime Interface Emulator replaces the service and runs AWS's runtime for Node.js.
 * The emulator is built with Go and the runtime comes from npm; both are cached.
 */

const EMULATOR = 'github.com/aws/aws-lambda-runtime-interface-emulator';
const EMULATOR_VERSION = 'v0.0.0-20261030222936-bef5c4ba774d';
const RUNTIME = 'aws-lambda-ric@4.0.2';
const RUNTIME_INTEGRITY =
  'sha512-FE5Vskx7mYNnqAnWWJXUOsLp2VGgdsJsCoRLFTa8L4Yk0QVtArqR8q58yPA++QC1a73ZWJXBQ2AH31nIAv7NOQ==';

const READY_TIMEOUT_MS = 30_000;

/** Why this machine cannot run functions, or undefined. */
export function obstacleToLambda(architecture: Architecture = ownArchitecture): string | undefined {
  const hasGo = spawnSync('go', ['version'], { stdio: 'ignore' }).status === 0;
  return obstacleTo(architecture) ?? (hasGo ? undefined : 'needs Go, to build AWS’s emulator with');
}

/** The emulator and the runtime that AWS publishes. */
async function lambdaParts(): Promise<{ emulator: string; runtime: string }> {
  const emulator = await cachedFolder(`lambda-emulator-${EMULATOR_VERSION}`, (draft) =>
    goInstall('go', `${EMULATOR}/cmd/aws-lambda-rie@${EMULATOR_VERSION}`, draft),
  );
  const runtime = await cachedFolder(RUNTIME.replace('@', '-'), async (draft) => {
    await unpackNpmPackage(RUNTIME, RUNTIME_INTEGRITY, draft, ['index.mjs', 'package.json', 'LICENSE', 'NOTICE']);
    // rapid-client.cjs replaces this module.
    await writeFile(path.join(draft, 'rapid-client.node'), '');
  });
  return { emulator: path.join(emulator, 'aws-lambda-rie'), runtime: path.join(runtime, 'index.mjs') };
}

export interface DeployedFunction {
  /** The folder of the uploaded code. */
  code: string;
  /** `<module>.<export>` */
  handler: string;
  environment: Record<string, string>;
  timeoutSeconds: number;
}

export interface LambdaOptions {
  architecture?: Architecture;
  /** For the log and the start-up script; removed by the caller. */
  folder: string;
}

/** The response to an invocation. */
export interface Invocation {
  status: number;
  body: string;
}

export class LambdaFunction {
  private constructor(
    private readonly emulator: RunningProcess,
    private readonly port: number,
  ) {}

  /** Starts the emulator. The first invocation initializes the function. */
  static async start(name: string, deployed: DeployedFunction, options: LambdaOptions): Promise<LambdaFunction> {
    const { emulator, runtime } = await lambdaParts();
    const node = await deployedNode(options.architecture);
    const bootstrap = path.join(options.folder, `${name}.bootstrap`);
    const command = [...node, '--require', path.join(__dirname, 'rapid-client.cjs'), runtime];
    await writeFile(bootstrap, `#!/bin/sh\nexec ${command.map((part) => `'${part}'`).join(' ')}\n`);
    await chmod(bootstrap, 0o755);
    return withFreshPorts(async () => {
      const [port, apiPort] = [await freePort(), await freePort()];
      const started = await startProcess(
        emulator,
        [
          `--runtime-interface-emulator-address=127.0.0.1:${port}`,
          `--runtime-api-address=127.0.0.1:${apiPort}`,
          '--log-level=warn',
          bootstrap,
          deployed.handler,
        ],
        {
          name: `Lambda's emulator with ${name}`,
          logFile: path.join(options.folder, `${name}-${port}.log`),
          cwd: deployed.code,
          env: {
            PATH: process.env['PATH'],
            ...deployed.environment,
            LAMBDA_TASK_ROOT: deployed.code,
            AWS_LAMBDA_FUNCTION_NAME: name,
            AWS_LAMBDA_FUNCTION_TIMEOUT: String(deployed.timeoutSeconds),
          },
        },
      );
      const lambda = new LambdaFunction(started, port);
      const isReady = async () => (await lambda.send('GET', '/', '')).status > 0;
      await waitUntilReady(started, isReady, { what: 'Lambda’s emulator', timeoutMs: READY_TIMEOUT_MS });
      return lambda;
    });
  }

  invoke(event: object): Promise<Invocation> {
    return this.send('POST', '/2015-03-31/functions/function/invocations', JSON.stringify(event));
  }

  /** Output of the function and the emulator. */
  get log(): string {
    return readFileSync(this.emulator.logFile, 'utf8');
  }

  stop(): Promise<void> {
    return this.emulator.stop();
  }

  private send(method: string, url: string, body: string): Promise<Invocation> {
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: this.port, method, path: url }, (response) => {
        text(response).then((received) => resolve({ status: response.statusCode ?? 0, body: received }), reject);
      });
      sent.on('error', reject).end(body);
    });
  }
}
