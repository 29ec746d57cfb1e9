import type { RewindConfigInput } from '../../lib/config';

/**
 * Separate triggers for test files that redrive all events of a trigger, because the files run concurrently. Each
 * rejects events of its own source without an order id.
 */
export const testTriggers = {
  console: { trigger: 'console-order-withdrawn', source: 'console.orders' },
  onCall: { trigger: 'on-call-order-withdrawn', source: 'on-call.orders' },
} as const;

export const testTriggerConfig = (namespace: string): NonNullable<RewindConfigInput['triggers']> =>
  Object.fromEntries(
    Object.values(testTriggers).map(({ trigger, source }) => [
      trigger,
      {
        sources: [source],
        eventPattern: { 'detail-type': ['OrderWithdrawn'] },
        namespace,
        workflowId: 'order-<$.detail.orderId>',
      },
    ]),
  );
