import * as protobuf from 'protobufjs/light';
import { servicesOf } from '../../../lib/bundling/trimmed/api-by-rpc';
import type { TypeInPackage } from '../../../lib/bundling/trimmed/api-by-rpc';
import { apiByRpc } from '../../../lib/bundling/trimmed-proto';

/** A service with two RPCs, as `@temporalio/proto` describes them. */
const api = () =>
  protobuf.Root.fromJSON({
    nested: {
      api: {
        options: { go_package: 'api' },
        nested: {
          Service: {
            methods: {
              Ask: { requestType: 'AskRequest', responseType: 'Answer' },
              Tell: { requestType: 'TellRequest', responseType: 'Answer' },
            },
          },
          Other: { methods: { Ask: { requestType: 'AskRequest', responseType: 'Answer' } } },
          AskRequest: { fields: { who: { type: 'Person.Name', id: 1, protoName: 'who' } as never } },
          TellRequest: { fields: { to: { type: 'string', id: 1 } } },
          Person: {
            fields: { age: { type: 'int32', id: 1 } },
            nested: { Name: { fields: {} }, Shoe: { fields: { size: { type: 'Size', id: 1 } } } },
          },
          Size: { values: { SMALL: 0 } },
          Answer: {
            oneofs: { what: { oneof: ['event', 'kind'] } },
            fields: { event: { type: 'Event', id: 1 }, kind: { type: 'Kind', id: 2 } },
          },
          Event: { fields: { cause: { keyType: 'string', type: 'Event', id: 1 } as never } },
          Kind: { values: { NONE: 0, SOME: 1 } },
        },
      },
    },
  });

test('keeps the types that an RPC needs and the types that contain them, and nothing else', () => {
  const { types: texts, services } = apiByRpc(api(), { 'api.Service': ['Ask', 'Tell'], 'api.Other': [] });
  const types = texts.map((text) => JSON.parse(text) as TypeInPackage);
  const kept = Object.fromEntries(
    types.map(({ package: within, name, definition }) => [`${within}.${name}`, definition]),
  );
  expect(kept).toEqual({
    'api.AskRequest': { fields: { who: { type: 'Person.Name', id: 1 } } },
    'api.TellRequest': { fields: { to: { type: 'string', id: 1 } } },
    'api.Person': {
      fields: { age: { type: 'int32', id: 1 } },
      nested: { Name: { fields: {} }, Shoe: { fields: { size: { type: 'Size', id: 1 } } } },
    },
    'api.Size': { values: { SMALL: 0 } },
    'api.Answer': {
      oneofs: { what: { oneof: ['event', 'kind'] } },
      fields: { event: { type: 'Event', id: 1 }, kind: { type: 'Kind', id: 2 } },
    },
    'api.Event': { fields: { cause: { keyType: 'string', type: 'Event', id: 1 } } },
    'api.Kind': { values: { NONE: 0, SOME: 1 } },
  });
  const neededBy = (rpc: string) =>
    services['api.Service']?.[rpc]?.types.map((place) => types[place]?.name ?? '').toSorted();
  expect(neededBy('Ask')).toEqual(['Answer', 'AskRequest', 'Event', 'Kind', 'Person', 'Size']);
  expect(neededBy('Tell')).toEqual(['Answer', 'Event', 'Kind', 'TellRequest']);
  expect(services['api.Other']).toEqual({});
});

test('an unknown RPC or service fails the build, and the error says how to disable trimming', () => {
  expect(() => apiByRpc(api(), { 'api.Service': ['Ask', 'Guess'] })).toThrow(
    /has no RPC Guess in api\.Service\. To deploy without this optimization, set functions\.trim to false\.$/,
  );
  expect(() => apiByRpc(api(), { 'api.Gone': [] })).toThrow(/api\.Gone/);
});

test('an unknown type fails the build', () => {
  const root = api();
  root.lookupType('api.Event').add(new protobuf.Field('more', 2, 'Missing'));
  expect(() => apiByRpc(root, { 'api.Service': ['Ask'] })).toThrow(/Missing/);
});

describe('the services', () => {
  interface Calls {
    ask: (request: object) => Promise<object>;
    tell: (request: object) => Promise<object>;
  }

  /** Responds like a server with the whole API. */
  const server: protobuf.RPCImpl = ({ name }, request, answer) => {
    const { Answer, AskRequest, TellRequest } = Object.fromEntries(
      ['Answer', 'AskRequest', 'TellRequest'].map((type) => [type, api().lookupType(`api.${type}`)]),
    );
    requests.push([name, (name === 'Ask' ? AskRequest : TellRequest)?.decode(request).toJSON()]);
    const event = { cause: { first: { cause: {} } } };
    answer(null, Answer?.encode(name === 'Ask' ? { event } : { kind: 1 }).finish());
  };
  let requests: unknown[] = [];
  beforeEach(() => {
    requests = [];
  });

  const made: string[] = [];
  const { api: services } = servicesOf(
    {
      ...protobuf,
      Root: class extends protobuf.Root {
        override define(path: string | string[], json?: Record<string, protobuf.AnyNestedObject>) {
          made.push(...Object.keys(json ?? {}));
          return super.define(path, json);
        }
      },
    },
    apiByRpc(api(), { 'api.Service': ['Ask', 'Tell'], 'api.Other': [] }),
  ) as { api: Record<'Service' | 'Other', { create: (rpcImpl: protobuf.RPCImpl) => Calls }> };

  test('create the types of an RPC once, at its first call, with the same encoding as the whole API', async () => {
    const { ask, tell } = services.Service.create(server);
    expect(made).toEqual([]);
    const answer = (await ask({ who: {} })) as { what: string };
    expect(answer).toMatchObject({ event: { cause: { first: {} } } });
    expect(answer.what).toBe('event');
    expect(made.toSorted()).toEqual(['Answer', 'AskRequest', 'Event', 'Kind', 'Person', 'Size']);
    expect(await tell({ to: 'Ann' })).toMatchObject({ kind: 1 });
    expect(await ask({})).toHaveProperty('event');
    expect(made.slice(6)).toEqual(['TellRequest']);
    expect(requests).toEqual([
      ['Ask', { who: {} }],
      ['Tell', { to: 'Ann' }],
      ['Ask', {}],
    ]);
  });

  test('can be created for each connection, and reject when a call fails', async () => {
    const { ask } = services.Service.create((_method, _request, answer) => answer(new Error('no way in')));
    await expect(ask({})).rejects.toThrow('no way in');
    const { ask: again } = services.Service.create(server);
    expect(await again({})).toHaveProperty('event');
  });

  test('can be created without RPCs', () => {
    expect(services.Other.create(server)).not.toHaveProperty('ask');
  });
});
