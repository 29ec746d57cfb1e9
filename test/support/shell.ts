import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { pythonWith } from '../../local/installed/python';

/** From PyPI, so that these tests need no AWS command line on the machine. */
const AWS_CLI_VERSION = '1.46.3';

/** Runs lines of the documentation in a shell with the environment of the local stack, until the first failure. */
export async function shell(lines: string): Promise<string> {
  const environment = path.join(path.dirname(process.env['REWIND_E2E_LOCAL_JSON'] ?? ''), 'env.sh');
  const python = await pythonWith('awscli', AWS_CLI_VERSION);
  const aws = `aws() { ${python} -m awscli --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }`;
  const script = `set -euo pipefail\n. ${environment}\n${aws}\n${lines.replace('. .rewind/env.sh\n', '')}`;
  const { stdout } = await promisify(execFile)('bash', ['-c', script], { env: { ...process.env, AWS_PAGER: '' } });
  return stdout;
}
