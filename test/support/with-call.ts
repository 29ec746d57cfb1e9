/** The same client, ledger or the like, with one of its calls replaced. */
export function withCall<Calls extends object, Name extends keyof Calls>(
  calls: Calls,
  name: Name,
  replacement: Calls[Name],
): Calls {
  return new Proxy(calls, {
    get(real, member) {
      if (member === name) return replacement;
      const value: unknown = Reflect.get(real, member);
      return typeof value === 'function' ? value.bind(real) : value;
    },
  });
}
