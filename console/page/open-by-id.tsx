import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { addressOf, navigate } from './address';

const OPERATION_ID = /^op-[0-9a-f]{32}$/;

/** A field that opens a workflow by its id, or an operation by the id in the reasons of Temporal's history. */
export function OpenById({ namespace }: { namespace: string }): JSX.Element {
  const [text, setText] = useState('');
  return (
    <form
      class="open-by-id"
      role="search"
      aria-label="Open by id"
      onSubmit={(event) => {
        event.preventDefault();
        const id = text.trim();
        if (id === '') return;
        const isOperation = OPERATION_ID.test(id);
        navigate(
          addressOf(isOperation ? `operations/${id}` : 'workflow', isOperation ? {} : { workflowId: id }, namespace),
        );
        setText('');
      }}
    >
      <input
        type="search"
        value={text}
        aria-label="Open a workflow or an operation by its id"
        placeholder="Workflow or operation id"
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </form>
  );
}
