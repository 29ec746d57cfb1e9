import { readFileSync } from 'node:fs';
import type * as z from 'zod';
import { rewindConfig } from './schema';
import type { RewindConfig, RewindConfigInput } from './schema';

export { accessNamespaces } from './access';
export { rewindConfig } from './schema';
export type { NamespaceConfig, RewindConfig, RewindConfigInput } from './schema';

/** The configuration is invalid. The message has a line for each invalid key. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Returns the CDK context key of the configuration: `rewind`, or `rewind-<stage>` with `cdk … -c stage=<stage>`.
 * @throws {ConfigError} when the stage is not valid in a stack's name
 */
export function contextKey(stage: unknown): string {
  if (stage === undefined) return 'rewind';
  if (typeof stage === 'string' && /^[a-zA-Z0-9][a-zA-Z0-9-]{0,39}$/.test(stage)) return `rewind-${stage}`;
  throw new ConfigError(`stage ${JSON.stringify(stage)} must be a name of at most 40 letters, digits and "-"`);
}

/**
 * Validates the configuration and applies the defaults.
 * @param context value of the context key: an object, or JSON text from the command line
 * @param key name of the context key in messages
 * @param where source of the configuration in messages
 * @throws {ConfigError} when the configuration is missing or invalid
 */
export function parseConfig(
  context: unknown,
  key = contextKey(undefined),
  where = `cdk.json (context key "${key}")`,
): RewindConfig {
  if (context === undefined) {
    throw new ConfigError(
      `context key "${key}" is missing; name a file instead with -c config=rewind.json: see "Deploy it" in README.md`,
    );
  }
  const result = rewindConfig.safeParse(typeof context === 'string' ? fromCommandLine(context, key) : context);
  if (result.success) return result.data;
  throw new ConfigError(
    [`The configuration in ${where} is not valid:`]
      .concat(
        result.error.issues.map((issue) => `  ${[key, ...issue.path].map(String).join('.')}: ${formatIssue(issue)}`),
      )
      .join('\n'),
  );
}

/**
 * Reads the configuration from a JSON file.
 * @throws {ConfigError} when the file cannot be read or the configuration is invalid
 */
export function readConfigFile(file: string): RewindConfigInput {
  let config: unknown;
  try {
    config = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigError(`${file} cannot be read: ${(error as Error).message}`);
  }
  parseConfig(config, 'rewind', file);
  return config as RewindConfigInput;
}

function formatIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `unknown key ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => `must be ${message}`).join('; ');
  if (issue.code === 'invalid_format' && issue.format === 'regex') return `must be ${issue.message}`;
  return issue.message;
}

function fromCommandLine(value: string, key: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw new ConfigError(
      `context key "${key}", as given with -c, is not JSON. The CDK CLI only passes the first line of a value: put the JSON on one line, or name a file: -c config=rewind.json`,
    );
  }
}
