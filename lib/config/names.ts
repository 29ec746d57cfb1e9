import { pascalCase } from '../pascal-case';

/** A name in the configuration that cannot be deployed together with another one. */
export interface NameProblem {
  path: string[];
  message: string;
}

/** Returns a problem for each name of a section that is the same as another one in CloudFormation's identifiers, which have no hyphens. */
export function sameIdentifiers(section: string, names: string[]): NameProblem[] {
  return names.flatMap((name, index): NameProblem[] => {
    const other = names.slice(0, index).find((earlier) => pascalCase(earlier) === pascalCase(name));
    if (other === undefined) return [];
    const message = `"${name}" and "${other}" are both ${pascalCase(name)} in CloudFormation’s identifiers: rename one`;
    return [{ path: [section, name], message }];
  });
}
