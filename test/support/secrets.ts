import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { LocalDetails } from '../../local/details';
import { functionLogs } from './function-logs';

/** Files that contain secrets by design, readable only by their owner. */
const secretFiles = /^(?:(?:next-)?client\.key|local\.json|env\.sh)$/;

/** The searched places, and a line for each finding, without the secret. */
export interface SecretScan {
  places: string[];
  findings: string[];
}

/**
 * Searches for secrets of the local stack in the logs of the functions, the worker, the emulator, the server and the
 * CDK, in the deployed templates, and in the functions' bundles.
 */
export async function findLeakedSecrets(details: LocalDetails): Promise<SecretScan> {
  const { logFolder, credentials } = details;
  const files = filesIn(logFolder).map((file) => path.relative(logFolder, file));
  const secrets = [
    { what: 'the operator’s secret access key', texts: [credentials.secretAccessKey] },
    ...files
      .filter((file) => file.endsWith('.key'))
      .map((file) => ({
        what: `the private key of ${file}`,
        texts: linesOf(path.join(logFolder, file)),
      })),
  ];
  const written = new Map([['CloudWatch Logs', (await functionLogs(details)).join('\n')]]);
  for (const file of files.filter((name) => !secretFiles.test(name))) {
    written.set(file, unlessGone(() => readFileSync(path.join(logFolder, file), 'latin1')) ?? '');
  }
  const findings = [...written].flatMap(([place, content]) =>
    secrets.filter(({ texts }) => texts.some((text) => content.includes(text))).map(({ what }) => `${place}: ${what}`),
  );
  return { places: [...written.keys()], findings };
}

/** Tolerates files that disappear, because other tests add and remove functions. */
function filesIn(folder: string): string[] {
  const entries = unlessGone(() => readdirSync(folder, { withFileTypes: true })) ?? [];
  return entries.flatMap((entry) => {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(place);
    return entry.isFile() ? [place] : [];
  });
}

function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The base64 lines of a key: one match is a finding, whatever the line ends. Omits the last line if it is short. */
function linesOf(pemFile: string): string[] {
  return readFileSync(pemFile, 'utf8')
    .split('\n')
    .filter((line) => line.length >= 32 && !line.startsWith('-----'));
}
