import { CfnResource, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/*
 * AWS limits for the resources in a template, which AWS only checks at deployment. Not included: limits that depend on the
 * rest of the account and can be raised (Lambda concurrency, rules of an event bus), and limits of data (size of a DynamoDB
 * item or partition key).
 */

// oxlint-disable-next-line typescript/no-explicit-any -- properties of any resource
type Properties = Record<string, any>;

export interface TemplateResource {
  Type: string;
  Properties?: Properties;
}

interface Limit {
  /** What is counted, in the plural. */
  what: string;
  most: number;
  /**
   * Counts it in the properties of a resource.
   * @param others returns the properties of all resources of a type that refer to this resource in a property
   */
  of: (properties: Properties, others: (type: string, property: string) => Properties[]) => number;
}

/** Replaces a value that is only known at deployment, in most cases by a longer one. */
const UNKNOWN = 'x'.repeat(100);
const PSEUDO_PARAMETER = 'x'.repeat(14);
/** Bytes that Lambda adds to the properties of a permission in the function's resource policy. */
const STATEMENT_BYTES = 200;

const DESCRIPTION: Limit = {
  what: 'characters of description',
  most: 1000,
  of: ({ Description: description = '' }) => characters(description),
};

/** The limits, by type of resource. */
export const limits: Record<string, Limit[]> = {
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
  'AWS::SQS::QueuePolicy': [
    { what: 'statements', most: 20, of: ({ PolicyDocument: document }) => document.Statement.length },
    { what: 'bytes', most: 8192, of: ({ PolicyDocument: document }) => bytes(document) },
  ],
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
  'AWS::Events::EventBus': [
    {
      what: 'bytes of policies',
      most: 10_240,
      of: (_, others) => sum(others('AWS::Events::EventBusPolicy', 'EventBusName').map(bytes)),
    },
  ],
  'AWS::Events::Rule': [
    { what: 'characters of event pattern', most: 2048, of: ({ EventPattern: pattern }) => characters(pattern) },
    { what: 'targets', most: 5, of: ({ Targets: targets = [] }) => targets.length },
    {
      what: 'characters of input of a target',
      most: 8192,
      of: ({ Targets: targets = [] }) =>
        largest(targets, ({ Input: input, InputTransformer: transformer }) =>
          characters(input ?? transformer?.InputTemplate),
        ),
    },
  ],
  // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
  'AWS::Lambda::Function': [
    { what: 'bytes of environment variables', most: 4096, of: ({ Environment: environment }) => bytes(environment) },
    {
      what: 'bytes of resource policy',
      most: 20_480,
      of: (_, others) =>
        sum(others('AWS::Lambda::Permission', 'FunctionName').map((each) => bytes(each) + STATEMENT_BYTES)),
    },
    { what: 'layers', most: 5, of: ({ Layers: layers = [] }) => layers.length },
    { what: 'subnets', most: 16, of: ({ VpcConfig: { SubnetIds: subnets = [] } = {} }) => subnets.length },
  ],
  'AWS::Lambda::EventSourceMapping': [
    { what: 'filters', most: 5, of: ({ FilterCriteria: { Filters: filters = [] } = {} }) => filters.length },
    {
      what: 'characters of a filter',
      most: 4096,
      of: ({ FilterCriteria: { Filters: filters = [] } = {} }) =>
        largest(filters, ({ Pattern: pattern }) => characters(pattern)),
    },
  ],
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  'AWS::IAM::ManagedPolicy': [
    { what: 'characters', most: 6144, of: ({ PolicyDocument: document }) => characters(document) },
    DESCRIPTION,
  ],
  'AWS::IAM::Role': [
    {
      what: 'characters of inline policies',
      most: 10_240,
      of: ({ Policies: own = [] }, others) =>
        sum(
          [...own, ...others('AWS::IAM::Policy', 'Roles')].map(({ PolicyDocument: document }) => characters(document)),
        ),
    },
    {
      what: 'managed policies',
      most: 10,
      of: ({ ManagedPolicyArns: attached = [] }, others) =>
        attached.length + others('AWS::IAM::ManagedPolicy', 'Roles').length,
    },
    { what: 'characters of trust policy', most: 2048, of: ({ AssumeRolePolicyDocument: trust }) => characters(trust) },
    DESCRIPTION,
  ],
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
  'AWS::ApiGateway::RestApi': [
    { what: 'bytes of resource policy', most: 8192, of: ({ Policy: policy }) => bytes(policy) },
  ],
  // https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
  'AWS::EC2::SecurityGroup': [
    { what: 'outbound rules', most: 60, of: ({ SecurityGroupEgress: rules = [] }) => rules.length },
  ],
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
  'AWS::CloudWatch::Alarm': [
    { what: 'characters of name', most: 255, of: ({ AlarmName: name = '' }) => characters(name) },
    {
      what: 'characters of description',
      most: 1024,
      of: ({ AlarmDescription: description = '' }) => characters(description),
    },
    {
      what: 'metrics',
      most: 10,
      of: ({ Metrics: metrics = [] }) => metrics.filter(({ MetricStat: stat }: Properties) => stat).length,
    },
    { what: 'actions', most: 5, of: ({ AlarmActions: actions = [] }) => actions.length },
  ],
  'AWS::CloudWatch::Dashboard': [
    { what: 'widgets', most: 500, of: (dashboard) => widgetsOf(dashboard).length },
    { what: 'metrics', most: 2500, of: (dashboard) => sum(widgetsOf(dashboard).map(metricsOf)) },
    { what: 'metrics of a graph', most: 500, of: (dashboard) => largest(widgetsOf(dashboard), metricsOf) },
    {
      what: 'alarms of a widget',
      most: 100,
      of: (dashboard) => largest(widgetsOf(dashboard), ({ alarms = [] }) => alarms.length),
    },
    {
      what: 'characters of a search',
      most: 1024,
      of: (dashboard) =>
        largest([...JSON.stringify(widgetsOf(dashboard)).matchAll(/SEARCH\('(.*?)'/g)], ([, query]) => query.length),
    },
  ],
};

/**
 * Returns a message for each exceeded limit.
 * @param resources resources of a template, by logical id
 * @param checked logical ids of the resources to check; all when absent
 */
export function overLimits(
  resources: Record<string, TemplateResource>,
  checked: readonly string[] = Object.keys(resources),
): string[] {
  return checked.flatMap((id) => {
    const { Type: type = '', Properties: properties = {} } = resources[id] ?? {};
    const others = (otherType: string, property: string) =>
      Object.values(resources).flatMap(({ Type: is, Properties: of = {} }) =>
        is === otherType && JSON.stringify(of[property] ?? '').includes(`"${id}"`) ? [of] : [],
      );
    return (limits[type] ?? []).flatMap(({ what, most, of }) => {
      const count = of(properties, others);
      return count > most ? [`${type} ${id} has ${count} ${what}, and AWS allows ${most}`] : [];
    });
  });
}

/** Makes synthesis fail if a resource below the scope exceeds a limit, including what other parts of the app add to it. */
export function checkTemplateLimits(scope: Construct): void {
  scope.node.addValidation({
    validate: () => {
      const stack = Stack.of(scope);
      const counted = new Set([...Object.keys(limits), ...ATTACHED]);
      const all = stack.node
        .findAll()
        .filter((construct) => CfnResource.isCfnResource(construct))
        .filter((resource) => resource.stack === stack && counted.has(resource.cfnResourceType));
      const idOf = (resource: CfnResource) => stack.resolve(resource.logicalId) as string;
      const resources = Object.assign({}, ...all.map((resource) => templateOf(stack, resource)));
      const below = all.filter(({ node }) => node.scopes.includes(scope)).map(idOf);
      return overLimits(resources as Record<string, TemplateResource>, below);
    },
  });
}

/** Types of resources that count towards the limits of the resources that they refer to. */
const ATTACHED = ['AWS::Events::EventBusPolicy', 'AWS::Lambda::Permission', 'AWS::IAM::Policy'];

/** Returns a resource as the CDK writes it to the template, by logical id. Uses an internal method of the CDK. */
function templateOf(stack: Stack, resource: CfnResource): Record<string, TemplateResource> {
  const { Resources: resources } = stack.resolve(
    (resource as unknown as { _toCloudFormation: () => object })._toCloudFormation(),
  ) as { Resources: Record<string, TemplateResource> };
  return resources;
}

/** Returns the JSON that is deployed, without white space, with placeholders for values that are only known at deployment. */
function deployed(value: unknown): string {
  const json = JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    const [first, ...more] = Object.entries(part) as [string, unknown][];
    if (!first || more.length > 0) return part;
    const [name, argument] = first;
    if (name === 'Ref') return String(argument).startsWith('AWS::') ? PSEUDO_PARAMETER : UNKNOWN;
    if (name !== 'Fn::Join') return name.startsWith('Fn::') ? UNKNOWN : part;
    const [delimiter, parts] = argument as [string, unknown[]];
    return parts.map(text).join(delimiter);
  });
  return json ?? '';
}

/** Returns a property that is a string, such as JSON in a string. */
const text = (value: unknown): string => (typeof value === 'string' ? value : (JSON.parse(deployed(value)) as string));

const bytes = (value: unknown): number => Buffer.byteLength(deployed(value));
/** Counts the characters of a string, or of the JSON of another value. */
const characters = (value: unknown): number => {
  const json = deployed(value);
  return json.startsWith('"') ? (JSON.parse(json) as string).length : json.length;
};
const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
// oxlint-disable-next-line typescript/no-explicit-any -- parts of properties
const largest = (parts: any[], measure: (part: any) => number): number => Math.max(0, ...parts.map(measure));

function widgetsOf({ DashboardBody: body }: Properties): Properties[] {
  const { widgets } = JSON.parse(text(body)) as { widgets: { properties: Properties }[] };
  return widgets.map(({ properties }) => properties);
}

const metricsOf = ({ metrics = [] }: Properties): number => metrics.length;
