interface Statement {
  Action: string | string[];
  Resource: string | string[];
  [key: string]: unknown;
}

interface Resource {
  Type: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- properties of any resource
  Properties?: Record<string, any>;
}

/**
 * The policy statements of each role, from inline policies and policy resources.
 * @param resources of a template
 * @returns statements by the role's logical id
 */
export function statementsByRole(resources: Record<string, Resource>): Map<string, Statement[]> {
  const policies = Object.values(resources).filter(({ Type: type }) => type === 'AWS::IAM::Policy');
  return new Map(
    Object.entries(resources)
      .filter(([, { Type: type }]) => type === 'AWS::IAM::Role')
      .map(([id, { Properties: { Policies: own = [] } = {} }]) => {
        const attached = policies
          .map(({ Properties: properties = {} }) => properties)
          .filter(({ Roles: roles = [] }) => roles.some(({ Ref: role }: { Ref?: string }) => role === id));
        return [id, [...own, ...attached].flatMap(({ PolicyDocument: { Statement: statements } }) => statements)];
      }),
  );
}
