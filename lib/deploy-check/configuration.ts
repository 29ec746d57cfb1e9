import { readFileSync } from 'node:fs';
import { ConfigError, contextKey, parseConfig, readConfigFile } from '../config';
import type { RewindConfig } from '../config';
import type { Check } from './check';

export interface ConfigurationSource {
  /** JSON file with the configuration. When absent, it is read from the context in cdk.json. */
  file?: string | undefined;
  /** Stage, which selects the context key in cdk.json. */
  stage?: string | undefined;
}

/** Reads the configuration like the CDK app. @returns a check for each invalid key, or one that is `ok` */
export function checkConfiguration({ file, stage }: ConfigurationSource): { config?: RewindConfig; checks: Check[] } {
  try {
    const config = file === undefined ? fromCdkJson(contextKey(stage)) : parseConfig(readConfigFile(file));
    const found = `${file ?? 'cdk.json'}: namespaces ${Object.keys(config.namespaces).join(', ')}`;
    return { config, checks: [{ check: 'configuration', result: 'ok', found }] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const [first = '', ...problems] = error.message.split('\n');
    const action = `correct ${file ?? 'cdk.json'}: docs/configuration.md`;
    return {
      checks: (problems.length > 0 ? problems : [first]).map((problem) => ({
        check: 'configuration',
        result: 'failed',
        found: problem.trim(),
        action,
      })),
    };
  }
}

/** @throws {ConfigError} */
function fromCdkJson(key: string): RewindConfig {
  let text: string;
  try {
    text = readFileSync('cdk.json', 'utf8');
  } catch {
    throw new ConfigError(
      'there is no cdk.json in this directory; name a configuration file with --config rewind.json',
    );
  }
  const { context } = JSON.parse(text) as { context?: Record<string, unknown> };
  return parseConfig(context?.[key], key);
}
