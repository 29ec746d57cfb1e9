import { CfnResource, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/*
 * Limits that AWS applies to what is in a template, and checks at deployment only. Not here: those that an account can have raised and
 * that depend on what else is in it (executions of Lambda, rules of a bus), and those of data (a DynamoDB item, a partition key).
 */

// oxlint-disable-next-line typescript/no-explicit-any -- properties of any resource
type Properties = Record<string, any>;

export interface TemplateResource {
  Type: string;
  Properties?: Properties;
}

interface Limit {
  what: string;
  most: number;
  /** @param others the resources of a type that refer to this one in a property */
  of: (properties: Properties, others: (type: string, property: string) => Properties[]) => number;
}

/** Longer than most names and ARNs that are known at deployment only. */
const UNKNOWN = 'x'.repeat(100);
const PSEUDO_PARAMETER = 'x'.repeat(14);
/** Of a statement that Lambda makes of a permission, beside the permission's own properties. */
const STATEMENT_BYTES = 200;

const DESCRIPTION: Limit = {
  what: 'characters of description',
  most: 1000,
  of: ({ Description: description = '' }) => characters(description),
};

/** By type of resource. */
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
 * What is over a limit in these resources.
 * @param resources of a template, by logical id
 * @param checked the ids of those that are checked; all of them when absent
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

/** Has synthesis refuse what is below the scope and over a limit, whatever else an app has added to it. */
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

/** Resources that count for those that they refer to. */
const ATTACHED = ['AWS::Events::EventBusPolicy', 'AWS::Lambda::Permission', 'AWS::IAM::Policy'];

/** As the CDK writes it into the template, by its logical id. The method is the CDK's own, and not among its types. */
function templateOf(stack: Stack, resource: CfnResource): Record<string, TemplateResource> {
  const { Resources: resources } = stack.resolve(
    (resource as unknown as { _toCloudFormation: () => object })._toCloudFormation(),
  ) as { Resources: Record<string, TemplateResource> };
  return resources;
}

/** JSON as it is deployed, without white space: what is known at deployment only is as long as an ARN. */
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

/** A property that is text, such as JSON in a string. */
const text = (value: unknown): string => (typeof value === 'string' ? value : (JSON.parse(deployed(value)) as string));

const bytes = (value: unknown): number => Buffer.byteLength(deployed(value));
/** Of text itself, and of anything else as JSON. */
const characters = (value: unknown): number => {
  const json = deployed(value);
  return json.startsWith('"') ? (JSON.parse(json) as string).length : json.length;
};
const sum = (figures: number[]): number => figures.reduce((total, figure) => total + figure, 0);
// oxlint-disable-next-line typescript/no-explicit-any -- parts of properties
const largest = (parts: any[], figure: (part: any) => number): number => Math.max(0, ...parts.map(figure));

function widgetsOf({ DashboardBody: body }: Properties): Properties[] {
  const { widgets } = JSON.parse(text(body)) as { widgets: { properties: Properties }[] };
  return widgets.map(({ properties }) => properties);
}

const metricsOf = ({ metrics = [] }: Properties): number => metrics.length;
