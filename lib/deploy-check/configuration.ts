import { readFileSync } from 'node:fs';
import { ConfigError, contextKey, parseConfig, readConfigFile } from '../config';
import type { RewindConfig } from '../config';
import type { Check } from './check';

export interface ConfigurationSource {
  /** JSON file with what cdk.json has under `rewind`; cdk.json itself when absent. */
  file?: string | undefined;
  /** Stage of cdk.json. */
  stage?: string | undefined;
}

/** Reads the configuration as the CDK app does. @returns a check for each key at fault */
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
    throw new ConfigError('there is no cdk.json in this folder; name a file of its own: --config rewind.json');
  }
  const { context } = JSON.parse(text) as { context?: Record<string, unknown> };
  return parseConfig(context?.[key], key);
}
