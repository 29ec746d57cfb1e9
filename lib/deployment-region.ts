import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ConfigError } from './config';
import type { RewindConfig } from './config';

/**
 * Checks that all ARNs of the configuration are in the region of the stack, because clients, grants and associations are
 * regional, that an existing ledger is in its account, because functions address the table by its name, and that secrets of
 * other accounts can be decrypted.
 * @throws {ConfigError} with a line for each ARN in another region or account
 */
export function checkRegion(scope: Construct, config: RewindConfig): void {
  const { account, region } = Stack.of(scope);
  const { tableStreamArn } = config.ledger;
  if (tableStreamArn !== undefined && isOther(tableStreamArn.split(':')[4], account)) {
    throw new ConfigError(
      `The stack is for account ${account}, so the table has to be in that account:\n  ledger.tableStreamArn: ${tableStreamArn}`,
    );
  }
  checkSharedSecrets(config, account);
  const elsewhere = regionalArns(config).filter(
    ([, arn]) => arn.startsWith('arn:') && isOther(arn.split(':')[3], region),
  );
  if (elsewhere.length === 0) return;
  throw new ConfigError(
    [
      `The stack is for ${region}, so these ARNs have to be in that region:`,
      ...elsewhere.map(([key, arn]) => `  ${key}: ${arn}`),
    ].join('\n'),
  );
}

/**
 * A secret of another account needs a customer managed key: the AWS managed key of Secrets Manager is for its own account only.
 * @throws {ConfigError} with a line for each such secret without a key
 */
function checkSharedSecrets({ namespaces }: RewindConfig, account: string): void {
  const withoutKey = Object.entries(namespaces).filter(
    ([, { secretArn, secretKmsKeyArn }]) =>
      secretKmsKeyArn === undefined && secretArn.startsWith('arn:') && isOther(secretArn.split(':')[4], account),
  );
  if (withoutKey.length === 0) return;
  throw new ConfigError(
    [
      `The stack is for account ${account}. A secret of another account needs secretKmsKeyArn, a customer managed key that this account may use:`,
      ...withoutKey.map(([name, { secretArn }]) => `  namespaces.${name}.secretArn: ${secretArn}`),
    ].join('\n'),
  );
}

/**
 * Checks that the account and region are known at synthesis, which a configuration key requires.
 * @throws {ConfigError} when they are not known
 */
export function requireEnvironment(scope: Construct, key: string): void {
  const { account, region } = Stack.of(scope);
  if (!Token.isUnresolved(account) && !Token.isUnresolved(region)) return;
  throw new ConfigError(
    `${key} needs the account and the region at synthesis: run cdk with AWS credentials and a region, or give the stack an \`env\``,
  );
}

/** Returns whether a part of an ARN differs from that of the stack, if both are known at synthesis. */
const isOther = (part: string | undefined, own: string): boolean =>
  !Token.isUnresolved(part) && !Token.isUnresolved(own) && part !== own;

/** Returns every ARN of the configuration with its key. */
function regionalArns({ namespaces, ledger, api, tracing, alarmTopicArn }: RewindConfig): [key: string, arn: string][] {
  const arns: [key: string, arn: string | undefined][] = Object.entries(namespaces).flatMap(
    ([name, { secretArn, secretKmsKeyArn }]): [string, string | undefined][] => [
      [`namespaces.${name}.secretArn`, secretArn],
      [`namespaces.${name}.secretKmsKeyArn`, secretKmsKeyArn],
    ],
  );
  arns.push(
    ['ledger.kmsKeyArn', ledger.kmsKeyArn],
    ['ledger.tableStreamArn', ledger.tableStreamArn],
    ['api.waf.webAclArn', api.waf?.webAclArn],
    ['tracing.layerArn', tracing?.layerArn],
    ['alarmTopicArn', alarmTopicArn],
  );
  return arns.flatMap(([key, arn]) => (arn === undefined ? [] : [[key, arn]]));
}
