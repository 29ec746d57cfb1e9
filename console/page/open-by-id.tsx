import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { isOperationId } from '../../cli/operation-id';
import { addressOf, navigate } from './address';

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
        if (isOperationId(id)) navigate(addressOf(`operations/${id}`, {}, namespace));
        else navigate(addressOf('workflow', { workflowId: id }, namespace));
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
