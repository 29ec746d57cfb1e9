/** The words of a command line for the options that have a value, in this order. */
export const flagsFor = (options: Record<string, string | number | undefined>): string[] =>
  Object.entries(options).flatMap(([flag, value]) => (value === undefined ? [] : [flag, String(value)]));
