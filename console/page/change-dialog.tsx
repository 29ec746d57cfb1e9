import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { setParameters } from './address';
import { CHANGE, prepareChange } from './change';
import type { Change } from './change';
import { CopyCommand, Dialog, TextField } from './parts';
import { usePlace, useProduction } from './place';

export interface ChangeForm {
  /** What it does, as the button says it: "Terminate order-42". */
  title: string;
  /** What it will change, a line each. */
  lines: string[];
  /** What has to be typed, where it ends things or is done to production. */
  type?: string;
  change: (reason: string) => Omit<Change, 'title'>;
  /** The command line that does the same. */
  command: (reason: string) => string;
  danger?: boolean;
}

/** Keeps the request and its key, and puts the key into the address: `ChangeStatus` sends it. */
export function begin(change: Change): void {
  setParameters({ [CHANGE]: prepareChange(change) });
}

/** Asks for the reason, and for a word that is typed where the change ends things. */
export function ChangeDialog({ form, onClose }: { form: ChangeForm; onClose: () => void }): JSX.Element {
  return (
    <Dialog title={form.title} onClose={onClose}>
      {form.lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      <ReasonForm
        submit={form.title}
        type={form.type}
        danger={form.danger}
        command={form.command}
        onSubmit={(reason) => {
          begin({ ...form.change(reason), title: form.title });
          onClose();
        }}
      >
        <button type="button" class="quiet" onClick={onClose}>
          Back
        </button>
      </ReasonForm>
    </Dialog>
  );
}

/** The reason, what has to be typed, and the button that says what it does. */
export function ReasonForm({
  submit,
  type,
  danger,
  command,
  disabled,
  autoFocus = true,
  onSubmit,
  children,
}: {
  submit: string;
  type?: string | undefined;
  danger?: boolean | undefined;
  command: (reason: string) => string;
  disabled?: boolean;
  autoFocus?: boolean;
  onSubmit: (reason: string) => void;
  children?: ComponentChildren;
}): JSX.Element {
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const { context, readOnly } = usePlace();
  const isProduction = useProduction();
  const lacks =
    reason.trim() === '' ? 'a reason' : type !== undefined && typed !== type ? `“${type}” typed` : undefined;
  const send = (event: Event) => {
    event.preventDefault();
    if (lacks === undefined && !disabled) onSubmit(reason);
  };
  return (
    <form onSubmit={send} class="reason">
      <TextField
        label="Reason, for the ledger and Temporal’s history"
        value={reason}
        onChange={setReason}
        placeholder="bad deploy"
        required
        autoFocus={autoFocus}
      />
      {type !== undefined && <TextField label={`Type ${type} to confirm`} value={typed} onChange={setTyped} required />}
      {readOnly && <p class="note">This console was started with --read-only: it makes no changes.</p>}
      <div class="actions">
        <button
          type="submit"
          class={danger || isProduction ? 'danger' : 'primary'}
          disabled={lacks !== undefined || disabled || readOnly}
        >
          {submit} in {context}
        </button>
        {children}
        <CopyCommand command={command(reason || 'REASON')} />
      </div>
      {lacks !== undefined && !readOnly && <p class="note">Needs {lacks}.</p>}
    </form>
  );
}
