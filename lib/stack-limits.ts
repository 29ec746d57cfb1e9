import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ConfigError } from './config';
import type { RewindConfig } from './config';
import { triggersByName } from './constructs/event-triggers';
import { namespaceConnections } from './namespace-connections';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MAX_RESOURCES = 500;
/** CloudFormation's limit of 200 outputs, less the stack's other outputs. */
const MAX_ACCESS_POLICIES = 190;
/** Limit for the ARNs in the ten managed policies that a role can have. */
const MAX_ROLE_CHARACTERS = 50_000;
const MAX_TEMPLATE_BYTES = 1_000_000;
/** Approximate size of a template with one namespace. */
const FIXED_TEMPLATE_BYTES = 250_000;
/** Lambda's limit of 4 KB for all environment variables of a function, less room for the other variables. */
const MAX_VARIABLE_CHARACTERS = 2500;
/** Assumed length of a value that is only known at deployment, such as an ARN. */
const TOKEN_CHARACTERS = 120;
/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MAX_BUS_POLICY_BYTES = 10_240;

/**
 * Checks a configuration against limits that would otherwise only fail at deployment. Call it after all constructs are created.
 * @throws {ConfigError} with a line for each key that exceeds a limit
 */
export function checkLimits(scope: Construct, config: RewindConfig): void {
  const problems = [
    resources(scope, config),
    accessPolicies(config),
    secrets(config),
    template(config),
    variables(config),
    busPolicy(config),
  ];
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length === 0) return;
  throw new ConfigError(
    ['The configuration is too large for AWS:', ...found.map((problem) => `  ${problem}`)].join('\n'),
  );
}

/** Returns the number of resources in a stack, and the number that CloudFormation allows. */
export function resourcesOf(stack: Stack): { count: number; most: number } {
  const isOwn = (construct: unknown) => CfnResource.isCfnResource(construct) && construct.stack === stack;
  return { count: stack.node.findAll().filter(isOwn).length, most: MAX_RESOURCES };
}

function resources(scope: Construct, { namespaces, triggers, access, api }: RewindConfig): string | undefined {
  const { count, most } = resourcesOf(Stack.of(scope));
  if (count <= most) return undefined;
  const sizes = Object.entries({ namespaces, triggers, access, 'api.usagePlans': api.usagePlans });
  const [largest] = sizes.toSorted(([, one], [, other]) => Object.keys(other).length - Object.keys(one).length);
  const [key, entries = {}] = largest ?? [];
  return `${key}: with ${Object.keys(entries).length} entries, the stack has ${count} resources, and CloudFormation allows ${most}: use several stages`;
}

function accessPolicies({ access }: RewindConfig): string | undefined {
  const count = Object.keys(access).length;
  if (count <= MAX_ACCESS_POLICIES) return undefined;
  return `access: ${count} policies, but a stack only has outputs for ${MAX_ACCESS_POLICIES}`;
}

function secrets({ namespaces }: RewindConfig): string | undefined {
  const characters = secretCharacters(namespaces);
  if (characters <= MAX_ROLE_CHARACTERS) return undefined;
  return `namespaces: the ARNs of their secrets and keys have ${characters} characters, and IAM allows ${MAX_ROLE_CHARACTERS} in a role's policies: use several stages`;
}

function secretCharacters(namespaces: RewindConfig['namespaces']): number {
  const arns = Object.values(namespaces).flatMap(({ secretArn, secretKmsKeyArn = '' }) => [secretArn, secretKmsKeyArn]);
  return [...new Set(arns)].reduce((sum, arn) => sum + arn.length + 12, 0);
}

/** Checks the estimated size of the template, which has the name of a namespace in each of its alarms. */
function template({ namespaces }: RewindConfig): string | undefined {
  const metrics = Object.keys(namespaces).reduce((sum, name) => sum + 5 * (310 + name.length), 0);
  const bytes = FIXED_TEMPLATE_BYTES + secretCharacters(namespaces) + metrics;
  if (bytes <= MAX_TEMPLATE_BYTES) return undefined;
  return `namespaces: with ${Object.keys(namespaces).length} entries, the template has about ${bytes} bytes, and CloudFormation allows ${MAX_TEMPLATE_BYTES}: use several stages`;
}

/** Checks the environment variables for entries with tokens. The function cancel-on-event has both namespaces and triggers. */
function variables({ namespaces, triggers }: RewindConfig): string | undefined {
  const characters = {
    namespaces: pendingCharacters(namespaceConnections(namespaces)),
    triggers: pendingCharacters(triggersByName(triggers)),
  };
  if (characters.namespaces + characters.triggers <= MAX_VARIABLE_CHARACTERS) return undefined;
  const key = characters.triggers > characters.namespaces ? 'triggers' : 'namespaces';
  const both = characters.namespaces > 0 && characters.triggers > 0 ? ', of namespaces and triggers together' : '';
  return `${key}: entries with values that are only known at deployment need ${characters[key]} characters of environment variables, and Lambda allows ${MAX_VARIABLE_CHARACTERS} in addition to the other variables${both}`;
}

function pendingCharacters(entries: object): number {
  const pending = Object.entries(entries).filter((entry) => Token.isUnresolved(JSON.stringify(entry)));
  if (pending.length === 0) return 0;
  return JSON.stringify(pending).replaceAll(/\$\{Token\[[^\]]*\]\}/g, 'x'.repeat(TOKEN_CHARACTERS)).length;
}

function busPolicy({ triggers, cancellationRequests }: RewindConfig): string | undefined {
  const accepted = Object.values(triggers).map(({ sources, eventPattern: { account, 'detail-type': types } }) => ({
    account,
    values: [...sources, ...types],
  }));
  if (cancellationRequests) {
    accepted.push({ account: cancellationRequests.account, values: cancellationRequests.sources });
  }
  const statement = 500;
  const principal = 50;
  const bytes = accepted
    .flatMap(({ account, values }) => (account ? [{ account, values }] : []))
    .map(({ account, values }) => statement + account.length * principal + Buffer.byteLength(JSON.stringify(values)))
    .reduce((sum, size) => sum + size, statement);
  if (bytes <= MAX_BUS_POLICY_BYTES) return undefined;
  return `triggers: triggers with an account need an event bus policy of about ${bytes} bytes, and EventBridge allows ${MAX_BUS_POLICY_BYTES}`;
}
