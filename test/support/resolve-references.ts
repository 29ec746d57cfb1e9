/** Replaces the references in a template value by the names of the resources. */
export function resolveReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolveReferences);
  if (typeof value !== 'object' || value === null) return value;
  const [key = '', inner] = Object.entries(value)[0] ?? [];
  if (key === 'Fn::Join') return (resolveReferences((inner as [string, unknown[]])[1]) as unknown[]).join('');
  if (key === 'Ref') return String(inner);
  if (key === 'Fn::GetAtt') return (inner as string[]).join('.');
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, resolveReferences(each)]));
}
