/** Wraps a client, ledger or similar object, and replaces one of its methods. */
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
