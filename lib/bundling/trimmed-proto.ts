import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as protobuf from 'protobufjs/light';
import type { AnyNestedObject, ReflectionObject } from 'protobufjs/light';
import { BundlingError, importersOf, writeModule } from './bundle-optimization';
import type { BundleOptimization } from './bundle-optimization';
import type { ApiByRpc, Rpc, TypeInPackage } from './trimmed/api-by-rpc';

const PACKAGE = '@temporalio/proto';

/** The only module that may import the package, and a pattern for its references to services. */
const CLIENTS_SERVICES = '@temporalio/client/lib/types.js';
const TAKEN = /\bproto\.([\w.]+)/g;

/** RPCs to keep, by full name of the service. Services without RPCs are kept too, because the client creates all services. */
export type KeptRpcs = Record<string, readonly string[]>;

/**
 * Replaces the SDK's module with Temporal's complete API, half a megabyte that every cold start would read, compile and run.
 * The replacement only contains the messages of the kept RPCs, which are read from that module by reflection. At run time, the
 * messages of an RPC are created at its first call (trimmed/api-by-rpc.ts).
 */
export function trimmedProto(rpcs: KeptRpcs): BundleOptimization {
  const whole: unknown = require(`${PACKAGE}/protos/json-module`);
  if (!isRoot(whole)) throw new BundlingError(`${PACKAGE}/protos/json-module exports no protobufjs root`);
  const protobufjs = createRequire(require.resolve(PACKAGE)).resolve('protobufjs/light');
  const { types, services } = apiByRpc(whole, rpcs);
  // JSON in strings, because V8 parses JSON faster than object literals.
  const source = `
    const { servicesOf } = require(${JSON.stringify(path.join(__dirname, 'trimmed/api-by-rpc'))});
    const types = ${JSON.stringify(types.join('\n'))}.split('\\n');
    const services = JSON.parse(${JSON.stringify(JSON.stringify(services))});
    module.exports = servicesOf(require(${JSON.stringify(protobufjs)}), { types, services });
  `;
  const module = writeModule('trimmed-proto.js', source);
  return {
    alias: { [PACKAGE]: module },
    check(metafile) {
      for (const [output, { inputs }] of Object.entries(metafile.outputs)) {
        const includes = (part: string) => Object.keys(inputs).some((input) => input.endsWith(part));
        if (includes(`${PACKAGE}/protos/json-module.js`)) {
          throw new BundlingError(`${output} still contains all of ${PACKAGE}`);
        }
        if (includes('@temporalio/client/lib/connection.js') && !includes(path.basename(module))) {
          throw new BundlingError(`${output} contains Temporal's client, but no replacement for ${PACKAGE}`);
        }
      }
      for (const importer of importersOf(PACKAGE, metafile)) {
        const taken = [...readFileSync(importer, 'utf8').matchAll(TAKEN)].map(([, name = '']) => name);
        const leftOut = taken.find((name) => !Object.hasOwn(rpcs, name));
        if (importer.endsWith(CLIENTS_SERVICES) && leftOut === undefined) continue;
        throw new BundlingError(`${importer} uses ${leftOut ?? 'more than services'} of ${PACKAGE}, which is left out`);
      }
    },
  };
}

/**
 * Returns the messages of each RPC, with all types that they contain.
 * @throws {BundlingError} when the API does not have an RPC or lacks one of its messages
 */
export function apiByRpc(root: protobuf.Root, rpcs: KeptRpcs): ApiByRpc {
  const places = new Map<ReflectionObject, number>();
  const services = Object.entries(rpcs).map(([fullName, names]) => {
    const service = root.lookupService(fullName);
    const kept = names.map((name): [string, Rpc] => {
      const method = service.methods[name];
      if (!method) throw new BundlingError(`${PACKAGE} has no RPC ${name} in ${fullName}`);
      const { resolvedRequestType: request, resolvedResponseType: response } = method.resolve() as protobuf.Method;
      if (!request || !response) throw new BundlingError(`${PACKAGE} lacks a message of ${fullName}/${name}`);
      const types = [...neededBy([request, response])].map((type) => {
        const place = places.get(type) ?? places.size;
        places.set(type, place);
        return place;
      });
      return [name, { method: method.toJSON(), types }];
    });
    return [fullName, Object.fromEntries(kept)] as const;
  });
  const types = [...places.keys()].map((type): TypeInPackage => ({
    package: type.parent?.fullName.slice(1) ?? '',
    name: type.name,
    definition: withoutProtoNames(type.toJSON() as AnyNestedObject),
  }));
  return { types: types.map((type) => JSON.stringify(type)), services: Object.fromEntries(services) };
}

/** Returns the messages and all types of their fields. A nested type is represented by its outermost type. */
function neededBy(messages: readonly ReflectionObject[]): Set<ReflectionObject> {
  const needed = new Set<ReflectionObject>();
  const pending = [...messages];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const outermost = outermostOf(next);
    if (needed.has(outermost)) continue;
    needed.add(outermost);
    pending.push(...fieldTypes(outermost));
  }
  return needed;
}

function outermostOf(object: ReflectionObject): ReflectionObject {
  return object.parent && isType(object.parent) ? outermostOf(object.parent) : object;
}

/** @throws when a type cannot be found, so that the build fails instead of a function's first call */
function fieldTypes(object: ReflectionObject): ReflectionObject[] {
  if (!isType(object)) return [];
  const own = object.fieldsArray.flatMap((field) => field.resolve().resolvedType ?? []);
  return [...own, ...object.nestedArray.flatMap(fieldTypes)];
}

/** Removes `protoName`, which protobufjs does not need at run time. */
function withoutProtoNames(definition: AnyNestedObject): AnyNestedObject {
  if (!('fields' in definition)) return definition;
  const fields = Object.entries(definition.fields).map(([name, field]) => [name, { ...field, protoName: undefined }]);
  const nested = Object.entries(definition.nested ?? {}).map(([name, inner]) => [name, withoutProtoNames(inner)]);
  return {
    ...definition,
    fields: Object.fromEntries(fields),
    nested: nested.length > 0 ? Object.fromEntries(nested) : undefined,
  };
}

/** Compares the class name, as protobufjs does, because the object can come from another copy of protobufjs. */
function isRoot(value: unknown): value is protobuf.Root {
  return (value as { constructor?: { className?: string } } | undefined)?.constructor?.className === 'Root';
}

function isType(value: ReflectionObject): value is protobuf.Type {
  return (value.constructor as { className?: string }).className === 'Type';
}
