/** A name of the configuration as CloudFormation and IAM can have it in an identifier: `on-call` as `OnCall`. */
export function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|-)(.?)/g, (_all, letter: string) => letter.toUpperCase());
}
