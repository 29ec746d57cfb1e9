import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { LocalDetails } from '../../local/details';
import { functionLogs } from '../../local/function-logs';

/** The files that are there to hold secrets, for their owner alone. */
const secretFiles = /^(?:(?:next-)?client\.key|local\.json|env\.sh)$/;

/** Where it was looked, and a line for each finding, without the secret. */
export interface SecretScan {
  places: string[];
  findings: string[];
}

/**
 * Where a secret of the local stack is written that does not belong there: in the logs of the functions, the worker, the
 * emulator, the server and the CDK, in the deployed templates, or in the functions' bundles.
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

/** Functions of other tests come and go meanwhile, with their files. */
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

/** A key's lines of base64: one of them is enough to be found, whatever is done to line ends. The last may be short. */
function linesOf(pemFile: string): string[] {
  return readFileSync(pemFile, 'utf8')
    .split('\n')
    .filter((line) => line.length >= 32 && !line.startsWith('-----'));
}
