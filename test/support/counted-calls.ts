import type { NamespaceClient } from '../../operations/temporal/namespace-client';

/** A client that counts the pages of history it reads, and the events on them. */
export class CountedCalls {
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
