import { createRequire } from 'node:module';
import path from 'node:path';
import * as protobuf from 'protobufjs/light';
import type { AnyNestedObject, ReflectionObject } from 'protobufjs/light';
import { BundlingError, writeModule } from './technique';
import type { Technique } from './technique';

const PACKAGE = '@temporalio/proto';

/** RPCs to keep, by the full name of their service. A service without any is kept too: the client makes one of each. */
export type KeptRpcs = Record<string, readonly string[]>;

/**
 * Temporal's API without the messages that the RPCs never need, instead of the SDK's module with all of it, half a
 * megabyte of code that every cold start would read, compile and run. It is made from that module's own reflection, as
 * JSON text, which is parsed several times as fast as the same in code.
 */
export function trimmedProto(rpcs: KeptRpcs): Technique {
  const whole: unknown = require(`${PACKAGE}/protos/json-module`);
  if (!isRoot(whole)) throw new BundlingError(`${PACKAGE}/protos/json-module exports no protobufjs root`);
  const patch = require.resolve(`${PACKAGE}/lib/patch-protobuf-root`);
  const protobufjs = createRequire(patch).resolve('protobufjs/light');
  // As the SDK's own protos/root.js, and under the same name among protobufjs's roots.
  const source = `
    const protobuf = require(${JSON.stringify(protobufjs)});
    const { patchProtobufRoot } = require(${JSON.stringify(patch)});
    const root = protobuf.roots.__temporal ??= new protobuf.Root();
    module.exports = patchProtobufRoot(root.addJSON(JSON.parse(${JSON.stringify(JSON.stringify(trimmed(whole, rpcs)))})));
  `;
  const module = writeModule('trimmed-proto.js', source);
  return {
    alias: { [PACKAGE]: module, [`${PACKAGE}/lib/patch-protobuf-root`]: patch },
    check({ outputs }) {
      for (const [output, { inputs }] of Object.entries(outputs)) {
        const includes = (part: string) => Object.keys(inputs).some((input) => input.endsWith(part));
        if (includes(`${PACKAGE}/protos/json-module.js`)) {
          throw new BundlingError(`${output} still holds all of ${PACKAGE}`);
        }
        if (includes('@temporalio/client/lib/connection.js') && !includes(path.basename(module))) {
          throw new BundlingError(`${output} holds Temporal's client, but nothing took the place of ${PACKAGE}`);
        }
      }
    },
  };
}

/**
 * What the RPCs need of the API: their messages, all that those are made of, and the services.
 * @throws {BundlingError} for an RPC that the API does not have, or a type that cannot be found
 */
export function trimmed(root: protobuf.Root, rpcs: KeptRpcs): Record<string, AnyNestedObject> {
  const needed = new Set<ReflectionObject>();
  const pending: ReflectionObject[] = [];
  for (const [service, names] of Object.entries(rpcs)) {
    const { methods } = root.lookupService(service);
    for (const name of names) {
      const method = methods[name];
      if (!method) throw new BundlingError(`${PACKAGE} has no RPC ${name} in ${service}`);
      const { resolvedRequestType: request, resolvedResponseType: response } = method.resolve() as protobuf.Method;
      if (!request || !response) throw new BundlingError(`${PACKAGE} lacks a message of ${service}/${name}`);
      pending.push(request, response);
    }
  }
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (needed.has(next)) continue;
    needed.add(next);
    if (!isType(next)) continue;
    for (const field of next.fieldsArray) {
      const { resolvedType } = field.resolve();
      if (resolvedType) pending.push(resolvedType);
    }
  }

  const nested = prune(root, root.toJSON().nested ?? {}, needed, rpcs);
  // A type that is missing is found out here, not by a function at its first call.
  protobuf.Root.fromJSON(JSON.parse(JSON.stringify({ nested }))).resolveAll();
  return nested;
}

function prune(
  parent: protobuf.NamespaceBase,
  definitions: Record<string, AnyNestedObject>,
  needed: ReadonlySet<ReflectionObject>,
  rpcs: KeptRpcs,
): Record<string, AnyNestedObject> {
  const kept: Record<string, AnyNestedObject> = {};
  for (const [name, definition] of Object.entries(definitions)) {
    const object = parent.get(name);
    if (!object) continue;
    const fullName = object.fullName.slice(1);
    if ('methods' in definition) {
      const methods = rpcs[fullName];
      if (methods) {
        const all = Object.entries(definition.methods).filter(([method]) => methods.includes(method));
        kept[name] = { ...definition, methods: Object.fromEntries(all) };
      }
      continue;
    }
    const inner =
      'nested' in definition && definition.nested
        ? prune(object as protobuf.NamespaceBase, definition.nested, needed, rpcs)
        : {};
    const nested = Object.keys(inner).length > 0 && { nested: inner };
    // What only other languages and tools want to know of a package, `protoName` of a field included, is left out.
    if (needed.has(object)) kept[name] = { ...withoutProtoNames(definition), nested: undefined, ...nested };
    else if (nested) kept[name] = nested;
  }
  return kept;
}

function withoutProtoNames(definition: AnyNestedObject): AnyNestedObject {
  if (!('fields' in definition)) return definition;
  const fields = Object.entries(definition.fields).map(([name, field]) => [name, { ...field, protoName: undefined }]);
  return { ...definition, fields: Object.fromEntries(fields) };
}

/** By name, as protobufjs itself tells them: another copy of it may have made them. */
function isRoot(value: unknown): value is protobuf.Root {
  return (value as { constructor?: { className?: string } } | undefined)?.constructor?.className === 'Root';
}

function isType(value: ReflectionObject): value is protobuf.Type {
  return (value.constructor as { className?: string }).className === 'Type';
}
