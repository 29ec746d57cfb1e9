import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { addressOf, useAddress } from './address';
import { connection, moved, signedOut } from './api';
import { BatchOperationPage } from './batch-operation';
import { BatchOperationsPage } from './batch-operations';
import { timeText } from './format';
import { NewBatchPage } from './new-batch';
import { OpenById } from './open-by-id';
import { OperationPage } from './operation';
import { OperationsPage } from './operations';
import { PlaceContext, UNKNOWN_NAMESPACE, useProduction } from './place';
import { RejectedEventsPage } from './rejected-events';
import { useSignal } from './signal';
import type { Place } from './schema';
import { WorkflowPage } from './workflow';
import { WorkflowsPage } from './workflows';

export function App({ place }: { place: Place }): JSX.Element {
  const isMoved = useSignal(moved);
  const isSignedOut = useSignal(signedOut);
  if (isMoved) return <Moved place={place} />;
  return isSignedOut ? (
    <SignedOut />
  ) : (
    <PlaceContext.Provider value={place}>
      <Header place={place} />
      <main tabIndex={-1}>
        <View />
        <Connection />
      </main>
    </PlaceContext.Provider>
  );
}

export const SignedOut = (): JSX.Element => (
  <main class="signed-out">
    <h1>Rewind</h1>
    <p>This browser is not signed in. In a terminal:</p>
    <pre>rewind console '{location.pathname + location.search}'</pre>
    <p>The printed address signs in the first browser that opens it.</p>
  </main>
);

/** Another console, which uses the same port now, sent nothing of this page. */
const Moved = ({ place: { context, namespace } }: { place: Place }): JSX.Element => (
  <main class="signed-out">
    <h1>Rewind</h1>
    <p role="alert">
      This page was opened for namespace {namespace} in context {context}. The console now uses another context or
      namespace. The last request was not sent.
    </p>
    <button type="button" onClick={() => location.reload()}>
      Reload
    </button>
  </main>
);

const views = [
  ['workflows', 'Workflows'],
  ['batch-operations', 'Batch operations'],
  ['operations', 'Operations'],
  ['rejected-events', 'Rejected events'],
] as const;

function Header({ place }: { place: Place }): JSX.Element {
  const { namespace, view } = useAddress();
  const isProduction = useProduction();
  const home = namespace === UNKNOWN_NAMESPACE ? place.namespace : namespace;
  const account = place.account === undefined ? '' : ` · ${place.account}`;
  return (
    <header class={isProduction ? 'production' : ''}>
      <a class="brand" href={addressOf('workflows', {}, home)}>
        <img src="/icon.svg" alt="" width="22" height="22" /> Rewind
      </a>
      <nav aria-label="Views">
        {views.map(([name, title]) => (
          <a
            key={name}
            href={addressOf(name, {}, home)}
            aria-current={view === name || (view === 'workflow' && name === 'workflows') ? 'page' : undefined}
          >
            {title}
          </a>
        ))}
      </nav>
      <OpenById namespace={home} />
      <p class="place" title={place.apiUrl}>
        {isProduction && <strong>PRODUCTION</strong>} <strong>{namespace}</strong>{' '}
        <span>
          {place.context}
          {account} · {place.region}
          {place.readOnly ? ' · read-only' : ''}
        </span>
      </p>
    </header>
  );
}

/** Says since when there has been no response, and that the shown data may be old. */
function Connection(): JSX.Element {
  const lost = useSignal(connection);
  return (
    <div role="status" class="connection">
      {lost !== undefined && (
        <p class="box box-bad">
          <strong>No response since {timeText(new Date(lost.since).toISOString())}.</strong> {lost.what} What is shown
          may be old.
        </p>
      )}
    </div>
  );
}

function View(): JSX.Element {
  const { view, id } = useAddress();
  useClock();
  if (view === 'workflow') return <WorkflowPage />;
  if (view === 'batch-operations') {
    if (id === undefined) return <BatchOperationsPage />;
    return id === 'new' ? <NewBatchPage /> : <BatchOperationPage key={id} operationId={id} />;
  }
  if (view === 'operations') return id === undefined ? <OperationsPage /> : <OperationPage key={id} operationId={id} />;
  if (view === 'rejected-events') return <RejectedEventsPage />;
  return <WorkflowsPage />;
}

const CLOCK_MS = 15_000;

/** Renders again from time to time, because the page shows relative times. */
function useClock(): void {
  const [, renew] = useState({});
  useEffect(() => {
    const timer = setInterval(() => renew({}), CLOCK_MS);
    return () => clearInterval(timer);
  }, []);
}
