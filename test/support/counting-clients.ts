import type { Connection } from '@temporalio/client';
import { callsOver } from './calls-over';
import { NamespaceClient } from '../../operations/temporal/namespace-client';
import { namespace } from './scripted-workflow';

/** A client that records the RPCs it calls, in order. */
export function recordingClient(connection: Connection): { client: NamespaceClient; called: string[] } {
  const calls = callsOver(connection);
  const called: string[] = [];
  const client = new NamespaceClient(namespace, {
    call(rpc, ...rest) {
      called.push(rpc);
      return calls.call(rpc, ...rest);
    },
  });
  return { client, called };
}

/** A client that counts the pages and events of history that it reads. */
export class CountingClient {
  pages = 0;
  events = 0;
  readonly client: NamespaceClient;

  constructor(client: NamespaceClient) {
    const read = { historyReverse: client.historyReverse.bind(client), history: client.history.bind(client) };
    const counted =
      (name: keyof typeof read): NamespaceClient['history'] =>
      async (...args) => {
        const page = await read[name](...args);
        this.pages += 1;
        this.events += page.events.length;
        return page;
      };
    this.client = new Proxy(client, {
      get(target, name) {
        if (name === 'historyReverse' || name === 'history') return counted(name);
        const member: unknown = Reflect.get(target, name);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  }
}
