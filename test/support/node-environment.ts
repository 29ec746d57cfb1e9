import { AsyncLocalStorage } from 'node:async_hooks';
import { TestEnvironment } from 'jest-environment-node';

/*
 * Before Node.js 24, each AsyncLocalStorage that was ever used makes every later promise of the process slower. Temporal's client
 * makes one for each connection, so the files that a jest process runs last would take much longer than alone.
 */
const used = new Set<AsyncLocalStorage<unknown>>();
// oxlint-disable-next-line typescript/unbound-method -- called below with the storage as `this`
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function record(this: AsyncLocalStorage<unknown>, ...args: unknown[]) {
  used.add(this);
  return run.apply(this, args as Parameters<typeof run>);
} as typeof run;

/** The environment of a test file. Disables what the file leaves enabled. */
export default class NodeEnvironment extends TestEnvironment {
  override async teardown(): Promise<void> {
    await super.teardown();
    for (const storage of used) storage.disable();
    used.clear();
  }
}
