import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cliContract } from './generated/cli-contract';
import { clientTypes } from './generated/client-types';
import { configurationPage } from './generated/configuration-page';
import { eventSchemas } from './generated/event-schemas';
import { licencesPage } from './generated/licences';
import { performancePlot } from './generated/performance-plot';
import { openApiDocument } from '../api/openapi';

/*
 * `npm run generate` writes every generated file of the repository. With `--check` it writes nothing, lists the files that
 * are out of date, and exits with 1 if there are any.
 */

const root = path.resolve(__dirname, '..');
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

async function generatedFiles(): Promise<Record<string, string>> {
  const document = openApiDocument();
  return {
    'docs/openapi.json': json(document),
    'client/openapi.ts': await clientTypes(document),
    ...Object.fromEntries(Object.entries(eventSchemas).map(([name, schema]) => [`docs/events/${name}`, json(schema)])),
    'docs/configuration.md': await configurationPage(root),
    'docs/licences.md': licencesPage(root),
    'docs/performance.svg': performancePlot(root),
  };
}

/** Separate from the other files, because the commands import texts from the generated contract. */
async function commandsPage(): Promise<Record<string, string>> {
  const { cliPage } = await import('./generated/cli-page');
  return { 'docs/cli.md': await cliPage(root) };
}

async function main(): Promise<number> {
  const contract = { 'cli/requests/contract.ts': await cliContract(openApiDocument()) };
  const outdated = [...update(contract), ...update(await generatedFiles()), ...update(await commandsPage())];
  if (!values.check || outdated.length === 0) return 0;
  console.log('Run `npm run generate` and review the difference.');
  return 1;
}

/** Writes files that are out of date, or only lists them with `--check`. @returns their paths */
function update(files: Record<string, string>): string[] {
  const outdated = Object.entries(files).filter(([file, content]) => readIfPresent(file) !== content);
  for (const [file, content] of outdated) {
    if (!values.check) writeFileSync(path.join(root, file), content);
    console.log(`${values.check ? 'out of date' : 'written'}: ${file}`);
  }
  return outdated.map(([file]) => file);
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(path.join(root, file), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

main().then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
