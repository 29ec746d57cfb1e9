import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ConfigError } from './config';
import type { RewindConfig } from './config';
import { triggersByName } from './constructs/event-triggers';
import { namespaceConnections } from './namespace-connections';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MAX_RESOURCES = 500;
/** Outputs of a stack, without the stack's own. */
const MAX_ACCESS_POLICIES = 190;
/** Of the ARNs in the ten managed policies that a role takes. */
const MAX_ROLE_CHARACTERS = 50_000;
const MAX_TEMPLATE_BYTES = 1_000_000;
/** Size of a template with one namespace. */
const FIXED_TEMPLATE_BYTES = 250_000;
/** Of Lambda's 4 KB for all variables of a function, with room for the others. */
const MAX_VARIABLE_CHARACTERS = 2500;
/** Characters of an ARN or the like that is known at deployment only. */
const TOKEN_CHARACTERS = 120;
/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MAX_BUS_POLICY_BYTES = 10_240;

/**
 * Refuses a configuration that synthesizes and cannot be deployed. Runs after all constructs are created.
 * @throws {ConfigError} with a line for each key at fault
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

/** How many resources a stack has, and CloudFormation allows. */
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
  return `${key}: with ${Object.keys(entries).length} of them the stack has ${count} resources, and CloudFormation allows ${most}: use several stages`;
}

function accessPolicies({ access }: RewindConfig): string | undefined {
  const count = Object.keys(access).length;
  if (count <= MAX_ACCESS_POLICIES) return undefined;
  return `access: ${count} policies, and a stack has outputs for ${MAX_ACCESS_POLICIES}`;
}

function secrets({ namespaces }: RewindConfig): string | undefined {
  const characters = secretCharacters(namespaces);
  if (characters <= MAX_ROLE_CHARACTERS) return undefined;
  return `namespaces: their secrets and keys have ARNs of ${characters} characters, and a role's policies take ${MAX_ROLE_CHARACTERS}: use several stages`;
}

function secretCharacters(namespaces: RewindConfig['namespaces']): number {
  const arns = Object.values(namespaces).flatMap(({ secretArn, secretKmsKeyArn = '' }) => [secretArn, secretKmsKeyArn]);
  return [...new Set(arns)].reduce((sum, arn) => sum + arn.length + 12, 0);
}

/** The name of a namespace is in the metric of each of its alarms. */
function template({ namespaces }: RewindConfig): string | undefined {
  const metrics = Object.keys(namespaces).reduce((sum, name) => sum + 5 * (310 + name.length), 0);
  const bytes = FIXED_TEMPLATE_BYTES + secretCharacters(namespaces) + metrics;
  if (bytes <= MAX_TEMPLATE_BYTES) return undefined;
  return `namespaces: ${Object.keys(namespaces).length} of them make a template of about ${bytes} bytes, and CloudFormation allows ${MAX_TEMPLATE_BYTES}: use several stages`;
}

/** What has tokens is in variables. The function of events has those of namespaces and of triggers. */
function variables({ namespaces, triggers }: RewindConfig): string | undefined {
  const characters = {
    namespaces: pendingCharacters(namespaceConnections(namespaces)),
    triggers: pendingCharacters(triggersByName(triggers)),
  };
  if (characters.namespaces + characters.triggers <= MAX_VARIABLE_CHARACTERS) return undefined;
  const key = characters.triggers > characters.namespaces ? 'triggers' : 'namespaces';
  const both = characters.namespaces > 0 && characters.triggers > 0 ? ', of namespaces and triggers together' : '';
  return `${key}: those with values that are known at deployment only take ${characters[key]} characters of environment variables, and Lambda allows ${MAX_VARIABLE_CHARACTERS} beside the others${both}`;
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
  return `triggers: those with an account make a policy of about ${bytes} bytes for the event bus, and EventBridge allows ${MAX_BUS_POLICY_BYTES}`;
}
