import { condition, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';

interface Payments {
  reserve(): Promise<string>;
  charge(type: string): Promise<string>;
}

const { reserve, charge } = proxyActivities<Payments>({ startToCloseTimeout: '10 seconds' });
const goSignal = defineSignal('go');

/** An order that waits for a signal between its two activities. `before` runs after the signal. */
export async function order(type: string, before?: () => Promise<unknown>): Promise<string> {
  let isWaiting = true;
  setHandler(goSignal, () => void (isWaiting = false));
  await reserve();
  await condition(() => !isWaiting);
  await before?.();
  return charge(type);
}
