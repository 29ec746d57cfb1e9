import type { JSX } from 'preact';
import { Empty, Heading } from './parts';

/** Events that could not be carried out. */
export const RejectedEventsPage = (): JSX.Element => (
  <>
    <Heading title="Rejected events" />
    <Empty>This deployment does not list rejected events.</Empty>
  </>
);
