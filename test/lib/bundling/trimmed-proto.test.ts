import * as protobuf from 'protobufjs/light';
import { trimmed } from '../../../lib/bundling/trimmed-proto';

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
          Person: { fields: { age: { type: 'int32', id: 1 } }, nested: { Name: { fields: {} }, Shoe: { fields: {} } } },
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

test('what the RPCs need is kept, whatever it is nested in, and nothing else', () => {
  const kept: unknown = JSON.parse(JSON.stringify(trimmed(api(), { 'api.Service': ['Ask'], 'api.Other': [] })));
  expect(kept).toEqual({
    api: {
      nested: {
        Service: { methods: { Ask: { requestType: 'AskRequest', responseType: 'Answer' } } },
        Other: { methods: {} },
        AskRequest: { fields: { who: { type: 'Person.Name', id: 1 } } },
        Person: { nested: { Name: { fields: {} } } },
        Answer: {
          oneofs: { what: { oneof: ['event', 'kind'] } },
          fields: { event: { type: 'Event', id: 1 }, kind: { type: 'Kind', id: 2 } },
        },
        Event: { fields: { cause: { keyType: 'string', type: 'Event', id: 1 } } },
        Kind: { values: { NONE: 0, SOME: 1 } },
      },
    },
  });
});

test('an RPC or a service that is not there ends the build, and says how to go on without', () => {
  expect(() => trimmed(api(), { 'api.Service': ['Ask', 'Guess'] })).toThrow(
    /has no RPC Guess in api\.Service\. .*rewind\.functions\.trim/,
  );
  expect(() => trimmed(api(), { 'api.Gone': [] })).toThrow(/api\.Gone/);
});

test('a type that is not there ends the build', () => {
  const root = api();
  root.lookupType('api.Event').add(new protobuf.Field('more', 2, 'Missing'));
  expect(() => trimmed(root, { 'api.Service': ['Ask'] })).toThrow(/Missing/);
});
