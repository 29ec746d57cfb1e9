import type { DescribedExecution } from '../temporal/executions';

/** An event to reset to. */
export interface Chosen {
  eventId: number;
  /** A sentence that says why the target selects this event. */
  why: string;
}

/** A run and the event in it to reset to. */
export interface ChosenPoint extends Chosen {
  run: DescribedExecution;
}
