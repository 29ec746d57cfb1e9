import type { DescribedExecution } from '../temporal/executions';

/** An event to reset to, and why it is this one, as a sentence. */
export interface Chosen {
  eventId: number;
  why: string;
}

/** A run and the event in it to reset to. */
export interface ChosenPoint extends Chosen {
  run: DescribedExecution;
}
