/** Arguments and results of the sample workflows and activities. */

/** Argument of the order workflows and of their activities. */
export interface Order {
  orderId: string;
}

/** Argument of `cancellableOrder`. */
export interface CancellableOrder extends Order {
  /** How many items there are to pack, one a second; 3,600 when absent: long enough to be cancelled by hand. */
  items?: number;
}

/** Argument of `repairableOrder` and `wedgedOrder`. */
export interface ScheduledOrder extends Order {
  /** Seconds between reserving the stock and charging the card; 1 when absent. */
  paymentDelaySeconds?: number;
}

/** Result of `cancellableOrder` when nothing cancels it. */
export interface PackedOrder extends Order {
  packedItems: number;
}

/** Result of `repairableOrder` and `wedgedOrder`. */
export interface ShippedOrder extends Order {
  reservationId: string;
  paymentId: string;
  trackingNumber: string;
}

/** What {@link CancellationStudy} can run, each answering a cancellation in another way. */
export type StudiedActivity = 'listenForCancellation' | 'ignoreCancellation' | 'heartbeatOnceMore';

/** Argument of `studyCancellation`. */
export interface CancellationStudy {
  activity: StudiedActivity;
  /** What the workflow waits for once it was cancelled; left to the SDK when absent. */
  cancellationType?: 'WAIT_CANCELLATION_COMPLETED' | 'TRY_CANCEL' | 'ABANDON';
  /** Seconds that the workflow stays open after it saw the cancellation, to look at the activity; 0 when absent. */
  stayOpenSeconds?: number;
}

/** Result of `studyCancellation`: what the workflow saw of its activity once it was cancelled. */
export type StudiedOutcome = { saw: 'result'; result: string } | { saw: 'cancellation' };

/** Argument of `remindCustomer`. */
export interface Reminder extends Order {
  /** Seconds until the reminder. */
  afterSeconds: number;
  /** How the workflow ends when it is cancelled before: `rethrow` as Canceled, `return` as Completed. */
  whenCancelled: 'rethrow' | 'return';
}

/** Argument of `orderWithChild`. */
export interface ParentOrder extends Order {
  /** `wait`: the child is cancelled too, and waited for. `abandon`: the child goes on without its parent. */
  whenCancelled: 'wait' | 'abandon';
}
