import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import { projectFolder } from '../../../lib/bundling/bundle-optimization';
import { bundle } from '../../../lib/bundling/function-bundles';
import { trimmedPackages } from '../../../lib/bundling/trimmed-packages';
import { trimmedProto } from '../../../lib/bundling/trimmed-proto';
import { temporaryFolder } from '../../support/temporary-folder';

const folder = temporaryFolder();

/** esbuild's metafile of a bundle `out.js` with these modules and their imports. */
const metafile = (modules: Record<string, string[]>): Metafile => ({
  inputs: Object.fromEntries(
    Object.entries(modules).map(([file, imports]) => [
      file,
      { bytes: 1, imports: imports.map((original) => ({ path: 'resolved', kind: 'require-call', original })) },
    ]),
  ),
  outputs: {
    'out.js': {
      bytes: 1,
      imports: [],
      exports: [],
      inputs: Object.fromEntries(Object.keys(modules).map((file) => [file, { bytesInOutput: 1 }])),
    },
  },
});

describe('the bundles of the functions', () => {
  const folderOf = (name: string) => path.resolve(__dirname, '../../../functions', name, 'index.ts');
  const bundlesOf = (names: string[]) =>
    bundle(Object.fromEntries(names.map((name) => [name, folderOf(name)])), { trim: true });
  const bundles = bundlesOf(['describe', 'reset-points', 'cancel', 'get-operation', 'publish-operation-events']);
  const modulesOf = (name: string) => Object.keys(bundles.get(name)!.contents).join('\n');

  test('contain no module twice, and nothing that the optimizations remove', () => {
    for (const name of bundles.keys()) {
      expect(modulesOf(name)).not.toMatch(/workflow-client|schedule-client|proto-loader|credential-provider-(ini|sso)/);
      expect(modulesOf(name)).not.toContain('@temporalio/proto/protos');
      expect(modulesOf(name)).not.toMatch(
        /grpc-js\/build\/src\/(server|orca|experimental|load-balancer-(outlier|weighted))/,
      );
      expect(modulesOf(name).match(/protobufjs\/src\/root\.js/g)?.length ?? 0).toBeLessThanOrEqual(1);
    }
  });

  test('use WebAssembly only in `long`, which works without it', () => {
    const modules = new Set([...bundles.values()].flatMap(({ contents }) => Object.keys(contents)));
    const source = (module: string) => readFileSync(path.join(projectFolder, module), 'utf8');
    const users = [...modules].filter((module) => source(module).includes('WebAssembly'));
    expect(users).toEqual(['node_modules/long/umd/index.js']);
    for (const { code } of bundles.values()) expect(Buffer.from(code).includes('WebAssembly')).toBe(false);
  });

  test('of a function that does not call Temporal contain no part of its client', () => {
    for (const name of ['get-operation', 'publish-operation-events']) {
      expect(modulesOf(name)).not.toMatch(/@temporalio|grpc-js|client-secrets-manager/);
    }
  });

  test('of a function that only reads contain no DynamoDB client', () => {
    for (const name of ['describe', 'reset-points']) expect(modulesOf(name)).not.toContain('dynamodb');
  });

  test('have a handler that a tracing layer can replace', () => {
    const entry = path.join(folder, 'index.ts');
    writeFileSync(entry, 'export const handler = () => 200;');
    const program = bundle({ index: entry }, { trim: false }).get('index');
    const file = path.join(folder, 'index.js');
    writeFileSync(file, program?.code ?? '');
    const loaded = createRequire(__filename)(file) as { handler: () => number };
    Object.defineProperty(loaded, 'handler', { value: () => 204 });
    expect(loaded.handler()).toBe(204);
  });

  test('have no dynamic import, which would load the ES module loader', () => {
    for (const { code } of bundles.values()) expect(Buffer.from(code).toString()).not.toMatch(/\bimport\(["'`]/);
  });

  test('are reproducible byte for byte', () => {
    const again = bundlesOf(['describe']).get('describe');
    expect(Buffer.from(again?.code ?? []).equals(bundles.get('describe')?.code ?? new Uint8Array())).toBe(true);
  });
});

describe('the build fails when a package has changed:', () => {
  test('the bundle still contains the whole API', () => {
    const { check } = trimmedProto({});
    expect(() => check(metafile({ 'node_modules/@temporalio/proto/protos/json-module.js': [] }))).toThrow(
      /out\.js still contains all of @temporalio\/proto\. To deploy without this optimization, set functions\.trim to false\.$/,
    );
  });

  test('no replacement matches the API module', () => {
    const { check } = trimmedProto({});
    const client = 'node_modules/@temporalio/client/lib/connection.js';
    expect(() => check(metafile({ [client]: [] }))).toThrow(/no replacement for/);
    expect(() => check(metafile({ [client]: [], 'tmp/trimmed-proto.js': [] }))).not.toThrow();
  });

  test('a module uses more of the API than the services', () => {
    const api = '@temporalio/proto';
    const { check } = trimmedProto({ 'temporal.api.workflowservice.v1.WorkflowService': [] });
    const service = 'exports.WorkflowService = proto.temporal.api.workflowservice.v1.WorkflowService;';
    const types = path.join(folder, '@temporalio/client/lib/types.js');
    mkdirSync(path.dirname(types), { recursive: true });
    writeFileSync(types, service);
    expect(() => check(metafile({ [types]: [api] }))).not.toThrow();
    writeFileSync(types, `${service} proto.temporal.api.enums.v1.EventType`);
    expect(() => check(metafile({ [types]: [api] }))).toThrow(/types\.js uses temporal\.api\.enums\.v1\.EventType/);
    const other = path.join(folder, 'other.js');
    writeFileSync(other, service);
    expect(() => check(metafile({ [other]: [api] }))).toThrow(/other\.js uses more than services/);
  });

  test('the SDK uses a part of itself that is removed', () => {
    const internals = '@temporalio/common/lib/internal-non-workflow';
    const importer = path.join(folder, 'connection.js');
    const { check } = trimmedPackages();
    writeFileSync(importer, 'internal_non_workflow_1.normalizeTlsConfig()');
    expect(() => check(metafile({ [importer]: [internals] }))).not.toThrow();
    writeFileSync(importer, '(0, internal_non_workflow_1.encodeToPayloads)()');
    expect(() => check(metafile({ [importer]: [internals] }))).toThrow(/connection\.js uses encodeToPayloads/);
  });

  test('a module uses a part of grpc-js that is removed', () => {
    const grpc = '@grpc/grpc-js';
    const { check } = trimmedPackages();
    const client = path.join(folder, 'grpc-retry.js');
    writeFileSync(client, 'new grpc_js_1.RequesterBuilder().build(); grpc.status.OK; "grpc.server"');
    expect(() => check(metafile({ [client]: [grpc] }))).not.toThrow();
    for (const use of ['new grpc_js_1.Server()', 'grpc.experimental.trace()', 'new grpc.ServerInterceptingCall()']) {
      writeFileSync(client, use);
      expect(() => check(metafile({ [client]: [grpc] }))).toThrow(/grpc-retry\.js uses \w+ of @grpc\/grpc-js/);
    }
    const own = path.join(folder, 'errors.ts');
    writeFileSync(
      own,
      "import type { ServiceError } from '@grpc/grpc-js';\nimport { status, Server } from '@grpc/grpc-js';",
    );
    expect(() => check(metafile({ [own]: [grpc] }))).toThrow(/errors\.ts uses Server of @grpc\/grpc-js/);
  });

  test('another module parses .proto files', () => {
    const { check } = trimmedPackages();
    expect(() => check(metafile({ 'grpc-js/channelz.js': ['@grpc/proto-loader'] }))).not.toThrow();
    expect(() => check(metafile({ 'grpc-js/client.js': ['@grpc/proto-loader'] }))).toThrow(/client\.js imports/);
  });

  test('another module streams events', () => {
    const { check } = trimmedPackages();
    const events = '@smithy/core/event-streams';
    expect(() => check(metafile({ 'protocols/HttpProtocol.js': [events] }))).not.toThrow();
    expect(() => check(metafile({ 'client-new/Client.js': [events] }))).toThrow(/Client\.js imports/);
  });
});
