/** Converts a name of the configuration for use in CloudFormation and IAM identifiers: `on-call` to `OnCall`. */
export function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|-+)([^-]?)/g, (_all, letter: string) => letter.toUpperCase());
}
