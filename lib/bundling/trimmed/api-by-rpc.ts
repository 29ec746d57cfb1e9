import type * as protobufjs from 'protobufjs/light';
import type { AnyNestedObject, IMethod, RPCImpl, Service } from 'protobufjs/light';

/*
 * Replaces the module with Temporal's complete API in a function's bundle. A service parses the definition of a message at the
 * first call of an RPC that uses it. A function calls one or two RPCs, and creating the messages of all RPCs took half of the
 * load time of a minimal function (bench/floor).
 */

/** The API in the format that the build writes. */
export interface ApiByRpc {
  /** Messages and enums, each with its nested types, as JSON of a {@link TypeInPackage}. */
  types: readonly string[];
  /** RPCs by name, by full name of the service. */
  services: Readonly<Record<string, Readonly<Record<string, Rpc>>>>;
}

export interface TypeInPackage {
  package: string;
  name: string;
  /** Definition in protobufjs's JSON format. */
  definition: AnyNestedObject;
}

export interface Rpc {
  method: IMethod;
  /** Indexes in {@link ApiByRpc.types} of its messages and all types that they contain. */
  types: readonly number[];
}

/** Returns the services in the same structure as the module with the complete API. */
export function servicesOf(protobuf: typeof protobufjs, { types, services }: ApiByRpc): object {
  const root = new protobuf.Root();
  const known = new Set<number>();
  const define = (needed: readonly number[]) => {
    for (const at of needed) {
      const type = types[at];
      if (type === undefined || known.has(at)) continue;
      const { package: within, name, definition } = JSON.parse(type) as TypeInPackage;
      root.define(within, { [name]: definition });
      known.add(at);
    }
  };
  const api = {};
  for (const [fullName, rpcs] of Object.entries(services)) {
    const path = fullName.split('.');
    const service = new protobuf.Service(path.at(-1) ?? '');
    root.define(path.slice(0, -1)).add(service);
    put(api, path, serviceClass(protobuf, service, rpcs, define));
  }
  return api;
}

type Call = (...args: unknown[]) => unknown;

/** Returns the part of a service's class that the client uses. */
function serviceClass(
  { Method, rpc, util }: typeof protobufjs,
  service: Service,
  rpcs: Readonly<Record<string, Rpc>>,
  define: (types: readonly number[]) => void,
): { create(rpcImpl: RPCImpl): object } {
  return {
    create(rpcImpl) {
      const calls = Object.entries(rpcs).map(([name, { method, types }]): [string, Call] => {
        const call = util.lcFirst(name);
        let made: Record<string, Call> | undefined;
        const make = () => {
          define(types);
          if (!service.methods[name]) service.add(Method.fromJSON(name, method));
          return service.create(rpcImpl) as unknown as Record<string, Call>;
        };
        return [call, (...args) => (made ??= make())[call]?.(...args)];
      });
      return Object.assign(new rpc.Service(rpcImpl), Object.fromEntries(calls));
    },
  };
}

function put(tree: Record<string, unknown>, [name = '', ...rest]: string[], leaf: object): void {
  if (rest.length === 0) tree[name] = leaf;
  else put((tree[name] ??= {}) as Record<string, unknown>, rest, leaf);
}
