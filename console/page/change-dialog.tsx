import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { printable } from '../../cli/output/quote';
import type { RouteName } from '../../cli/requests/contract';
import { setParameters, useAddress } from './address';
import { CHANGE, prepareChange } from './change';
import type { Change } from './change';
import { Check, closeDialog, CopyCommand, Dialog, ProblemBox, TextField, TimeField } from './parts';
import { usePlace, useProduction } from './place';

/** An input in the dialog of a change, in addition to the reason. */
export type ChangeOption = { name: string; label: string } & (
  { kind: 'check' } | { kind: 'time' } | { kind: 'text'; placeholder: string }
);

/** Values of the inputs by name: a time in RFC 3339, `true` for a checked box. Empty inputs are absent. */
export type Given = Partial<Record<string, string>>;

export interface ChangeForm {
  /** The change, as on the button: "Terminate order-42". */
  title: string;
  /** The effect of the change, a line each. */
  lines: string[];
  /** The text that the user has to type to confirm. */
  type?: string;
  /** When the text has to be typed: always, or only in production. */
  typed?: 'always' | 'inProduction';
  options?: ChangeOption[];
  route: RouteName;
  /** Of a change of a batch operation. */
  operationId?: string;
  /**
   * The fields of the request, without the reason.
   * @throws if an input is invalid
   */
  body: (given: Given) => object;
  /** The words of the command that makes the same change, without the reason. */
  words: (given: Given) => string[];
  danger?: boolean;
}

/** Stores a change and its key, and puts the key into the address, so that `ChangeStatus` sends the change. */
export function startChange(change: Change): void {
  setParameters({ [CHANGE]: prepareChange(change) });
}

/** A dialog that asks for the reason of a change and, if needed, for a text to confirm it. */
export function ChangeDialog({ form, onClose }: { form: ChangeForm; onClose: () => void }): JSX.Element {
  const [given, setGiven] = useState<Given>({});
  const { namespace } = useAddress();
  const isProduction = useProduction();
  const { title, route, operationId, type, typed = 'always', options = [] } = form;
  return (
    <Dialog title={title} onClose={onClose}>
      {form.lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      <ReasonForm
        submit={title}
        type={typed === 'always' || isProduction ? type : undefined}
        danger={form.danger}
        words={(reason) => [...form.words(given), '--reason', reason]}
        options={options.map((option) => (
          <OptionField
            key={option.name}
            option={option}
            value={given[option.name] ?? ''}
            onChange={(value) => setGiven({ ...given, [option.name]: value === '' ? undefined : value })}
          />
        ))}
        onSubmit={(reason) => {
          const body = { ...form.body(given), reason };
          startChange({ namespace, route, request: { operationId, body }, title });
          closeDialog();
        }}
      >
        <button type="button" class="quiet" onClick={closeDialog}>
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

/** A form with the reason, the text to confirm, and the button that names the change. */
export function ReasonForm({
  submit,
  type,
  danger,
  words,
  disabled,
  autoFocus = true,
  onSubmit,
  options,
  children,
}: {
  submit: string;
  type?: string | undefined;
  danger?: boolean | undefined;
  words: (reason: string) => string[];
  disabled?: boolean;
  autoFocus?: boolean;
  /** @throws if an input is invalid */
  onSubmit: (reason: string) => void;
  options?: ComponentChildren;
  children?: ComponentChildren;
}): JSX.Element {
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<Error>();
  const { context, readOnly } = usePlace();
  const isProduction = useProduction();
  // As shown: an invisible character cannot be typed.
  const expected = type === undefined ? undefined : printable(type);
  const missing =
    reason.trim() === ''
      ? 'Enter a reason'
      : expected !== undefined && typed !== expected && typed !== type
        ? `Type “${expected}”`
        : undefined;
  const send = (event: Event) => {
    event.preventDefault();
    if (missing !== undefined || disabled) return;
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
      {expected !== undefined && (
        <TextField label={`Type ${expected} to confirm`} value={typed} onChange={setTyped} required />
      )}
      <ProblemBox problem={problem} />
      {readOnly && <p class="note">This console was started with --read-only: it cannot make changes.</p>}
      <div class="actions">
        <button
          type="submit"
          class={danger || isProduction ? 'danger' : 'primary'}
          disabled={missing !== undefined || disabled || readOnly}
        >
          {submit} in {context}
        </button>
        {children}
        <CopyCommand words={words(reason || 'REASON')} />
      </div>
      {missing !== undefined && !readOnly && <p class="note">{missing}.</p>}
    </form>
  );
}
