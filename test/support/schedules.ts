import type { Template } from 'aws-cdk-lib/assertions';

/** A rule that invokes a function on a schedule, with the retries of both. */
export interface Schedule {
  expression: string;
  retries: { rule?: number; function?: number };
}

/** Every schedule of a template. */
export function scheduled(template: Template): Schedule[] {
  const propertiesOf = (type: string) =>
    Object.values(template.findResources(type)).map((resource) => resource['Properties']);
  const invokeConfigs = propertiesOf('AWS::Lambda::EventInvokeConfig');
  return propertiesOf('AWS::Events::Rule')
    .filter(({ ScheduleExpression: expression }) => expression !== undefined)
    .flatMap(({ ScheduleExpression: expression, Targets: targets }) =>
      targets.map(
        ({
          Arn: {
            'Fn::GetAtt': [id],
          },
          RetryPolicy: policy,
        }: RuleTarget) => ({
          expression,
          retries: {
            rule: policy?.MaximumRetryAttempts,
            function: invokeConfigs.find(({ FunctionName: { Ref: invoked } }) => invoked === id)?.MaximumRetryAttempts,
          },
        }),
      ),
    );
}

interface RuleTarget {
  Arn: { 'Fn::GetAtt': [string, string] };
  RetryPolicy?: { MaximumRetryAttempts?: number };
}
