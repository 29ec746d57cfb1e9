import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { cachedFolder } from './cache-folder';
import { UserError } from '../user-error';
import { runProcess } from '../processes/processes';

const OLDEST_PYTHON = [3, 10] as const;
const PYTHONS = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];

export interface PythonOptions {
  /** Requirements file with the package and all its dependencies, by version and checksum; when absent, pip resolves them. */
  requirements?: string;
  /** Called with a description of each slow step. */
  progress?: (doing: string) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Returns the Python interpreter of a virtual environment with a package from PyPI, which is installed first if the cache has none.
 * @throws {UserError} if there is no suitable Python, or if the installation fails, for example because of a wrong checksum
 */
export async function pythonWith(name: string, version: string, options: PythonOptions = {}): Promise<string> {
  const { requirements, progress = () => {}, signal } = options;
  const packages = requirements === undefined ? [`${name}==${version}`] : ['--require-hashes', '-r', requirements];
  const suffix = requirements === undefined ? '' : `-${await digestOf(requirements)}`;
  const folder = await cachedFolder(`${name}-${version}${suffix}`, async (draft) => {
    progress('looking for Python');
    const python = await findPython(name);
    const log = { logFile: path.join(draft, 'install.log'), signal };
    progress(`installing ${name} ${version} from PyPI`);
    await runProcess(python, ['-m', 'venv', path.join(draft, 'venv')], log);
    const pip = ['-m', 'pip', '--disable-pip-version-check', '--no-input', 'install', '--quiet'];
    await runProcess(path.join(draft, 'venv/bin/python'), [...pip, ...packages], log);
    await rm(log.logFile);
  });
  return path.join(folder, 'venv/bin/python');
}

/** Eight characters of the file's digest, so that each list of packages has its own folder. */
async function digestOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
    .slice(0, 8);
}

async function findPython(wanted: string): Promise<string> {
  const seen: string[] = [];
  for (const name of PYTHONS) {
    // ensurepip is needed for virtual environments; Debian and Ubuntu have it in a separate package.
    const ask = 'import sys, importlib.util as u; print(*sys.version_info[:2], u.find_spec("ensurepip") is not None)';
    const answer = await promisify(execFile)(name, ['-c', ask]).catch(() => undefined);
    if (answer === undefined) continue;
    const [major = 0, minor = 0] = answer.stdout.split(' ').map(Number);
    const tooOld = major < OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor < OLDEST_PYTHON[1]);
    const canMakeEnvironments = answer.stdout.trim().endsWith('True');
    if (!tooOld && canMakeEnvironments) return name;
    seen.push(
      `${name} is ${major}.${minor}${tooOld ? '' : ' without ensurepip (Debian, Ubuntu: apt install python3-venv)'}`,
    );
  }
  throw new UserError(
    `${wanted} needs Python ${OLDEST_PYTHON.join('.')} or newer on the PATH; ` +
      `${seen.length === 0 ? 'there is none' : seen.join(', ')}. Install it from https://www.python.org/downloads/ and run this again.`,
  );
}
