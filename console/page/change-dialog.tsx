import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { setParameters } from './address';
import { CHANGE, prepareChange } from './change';
import type { Change } from './change';
import { Check, CopyCommand, Dialog, ProblemBox, TextField, TimeField } from './parts';
import { usePlace, useProduction } from './place';

/** A choice beside the reason. */
export type ChangeOption = { name: string; label: string } & (
  { kind: 'check' } | { kind: 'time' } | { kind: 'text'; placeholder: string }
);

/** What was chosen, by the option's name: a time in RFC 3339, `true` for a check. Without what was left out. */
export type Given = Partial<Record<string, string>>;

export interface ChangeForm {
  /** What it does, as the button says it: "Terminate order-42". */
  title: string;
  /** What it will change, a line each. */
  lines: string[];
  /** What has to be typed. */
  type?: string;
  /** When: always, or where it is done to production. */
  typed?: 'always' | 'inProduction';
  options?: ChangeOption[];
  /** @throws for what cannot be sent */
  change: (reason: string, given: Given) => Omit<Change, 'title'>;
  /** The command line that does the same. */
  command: (reason: string, given: Given) => string;
  danger?: boolean;
}

/** Keeps the request and its key, and puts the key into the address: `ChangeStatus` sends it. */
export function begin(change: Change): void {
  setParameters({ [CHANGE]: prepareChange(change) });
}

/** Asks for the reason, and for a word that is typed where the change ends things. */
export function ChangeDialog({ form, onClose }: { form: ChangeForm; onClose: () => void }): JSX.Element {
  const [given, setGiven] = useState<Given>({});
  const isProduction = useProduction();
  const { type, typed = 'always', options = [] } = form;
  return (
    <Dialog title={form.title} onClose={onClose}>
      {form.lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      <ReasonForm
        submit={form.title}
        type={typed === 'always' || isProduction ? type : undefined}
        danger={form.danger}
        command={(reason) => form.command(reason, given)}
        options={options.map((option) => (
          <OptionField
            key={option.name}
            option={option}
            value={given[option.name] ?? ''}
            onChange={(value) => setGiven({ ...given, [option.name]: value === '' ? undefined : value })}
          />
        ))}
        onSubmit={(reason) => {
          begin({ ...form.change(reason, given), title: form.title });
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

function OptionField({
  option,
  value,
  onChange,
}: {
  option: ChangeOption;
  value: string;
  onChange: (value: string) => void;
}): JSX.Element {
  const { label } = option;
  if (option.kind === 'check') {
    return <Check label={label} checked={value !== ''} onChange={(checked) => onChange(checked ? 'true' : '')} />;
  }
  if (option.kind === 'time') return <TimeField label={label} onChange={onChange} />;
  return <TextField label={label} placeholder={option.placeholder} value={value} onChange={onChange} />;
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
  options,
  children,
}: {
  submit: string;
  type?: string | undefined;
  danger?: boolean | undefined;
  command: (reason: string) => string;
  disabled?: boolean;
  autoFocus?: boolean;
  /** @throws for what cannot be sent */
  onSubmit: (reason: string) => void;
  options?: ComponentChildren;
  children?: ComponentChildren;
}): JSX.Element {
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<Error>();
  const { context, readOnly } = usePlace();
  const isProduction = useProduction();
  const lacks =
    reason.trim() === '' ? 'a reason' : type !== undefined && typed !== type ? `“${type}” typed` : undefined;
  const send = (event: Event) => {
    event.preventDefault();
    if (lacks !== undefined || disabled) return;
    try {
      onSubmit(reason);
    } catch (error) {
      setProblem(error as Error);
    }
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
      {options}
      {type !== undefined && <TextField label={`Type ${type} to confirm`} value={typed} onChange={setTyped} required />}
      <ProblemBox problem={problem} />
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
