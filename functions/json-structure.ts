/** Matches the brackets and strings of a JSON text. A string with a colon after it is a field name. */
const structuralToken = /[[\]{}]|"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g;

/**
 * Returns the nesting depth of a JSON text and its first duplicate field, which `JSON.parse` does not report. It uses the
 * last of duplicate fields, but of two workflow ids it is unclear which one the caller means.
 */
export function structureOf(json: string): { depth: number; repeated?: string } {
  const open: Set<string>[] = [];
  let depth = 0;
  let repeated: string | undefined;
  for (const [token, colon] of json.matchAll(structuralToken)) {
    if (token === '{' || token === '[') depth = Math.max(depth, open.push(new Set()));
    else if (token === '}' || token === ']') open.pop();
    else if (colon !== undefined) {
      const name = JSON.parse(token.slice(0, -colon.length)) as string;
      const names = open.at(-1);
      if (names?.has(name)) repeated ??= name;
      names?.add(name);
    }
  }
  return { depth, repeated };
}
