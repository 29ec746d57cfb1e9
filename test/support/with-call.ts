import type { NamespaceClient } from '../../operations/temporal/namespace-client';

/** The client, but one call of it goes another way. */
export function withCall<Name extends keyof NamespaceClient>(
  client: NamespaceClient,
  name: Name,
  call: NamespaceClient[Name],
): NamespaceClient {
  return new Proxy(client, {
    get(real, member) {
      if (member === name) return call;
      const value: unknown = Reflect.get(real, member);
      return typeof value === 'function' ? value.bind(real) : value;
    },
  });
}
