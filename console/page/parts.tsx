import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { CliError } from '../../cli/exit-codes';
import { commandLine, printable } from '../../cli/output/quote';
import { focusMain, useAddress } from './address';
import { Problem } from './api';
import { timeText, words } from './format';
import { usePlace } from './place';

export function Status({ status }: { status: string }): JSX.Element {
  return <span class={`status status-${status}`}>{words(status)}</span>;
}

export function Time({ time }: { time: string | undefined }): JSX.Element | null {
  return time === undefined ? null : (
    <time dateTime={time} title={time}>
      {timeText(time)}
    </time>
  );
}

/**
 * A button that copies the `rewind` command that makes the same change or shows the same data.
 * @param words of the command, without those for context and namespace; empty while they are not known
 */
export function CopyCommand({ words: given }: { words: string[] }): JSX.Element {
  const { placeFlags } = usePlace();
  const { namespace } = useAddress();
  // The last of these arguments is the context's namespace.
  const command = given.length === 0 ? '' : commandLine([...given, ...placeFlags.slice(0, -1), namespace]);
  return <Copy text={command} label="Copy as rewind command" title={command} />;
}

export function CopyAddress(): JSX.Element {
  return (
    <Copy text={location.href.replace(/[?&]change=[\w-]+/, '')} label="Copy address" title="The address of this view" />
  );
}

function Copy({ text, label, title }: { text: string; label: string; title: string }): JSX.Element {
  const [done, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), 2000);
  };
  return (
    <button type="button" class="quiet" title={title} data-text={text} onClick={() => void copy()}>
      <span aria-live="polite">{done ? 'Copied' : label}</span>
    </button>
  );
}

/** Shows an error with its hints. */
export function ProblemBox({ problem }: { problem: Error | undefined }): JSX.Element | null {
  if (problem === undefined) return null;
  const hints = hintsOf(problem);
  const isRefused = problem instanceof Problem && problem.status === 403;
  return (
    <div class="box box-bad" role="alert">
      <strong>{isRefused ? 'Not allowed' : 'Error'}</strong>
      <p>{problem.message}</p>
      {hints.length > 0 && (
        <ul>
          {hints.map((hint) => (
            <li key={hint}>{hint}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

const hintsOf = (problem: Error): string[] => {
  if (problem instanceof Problem) return problem.hints;
  return problem instanceof CliError ? (problem.details.hints ?? []) : [];
};

/** Says that data is being read, or why it could not be read, and how old the data below is. */
export const Reading = ({
  data,
  problem,
  readAt,
}: {
  data: unknown;
  problem: Error | undefined;
  readAt?: string | undefined;
}): JSX.Element => (
  <>
    <ProblemBox problem={problem} />
    {data !== undefined && readAt !== undefined && (
      <p class="note">What is shown was read at {timeText(readAt)}. The page tries again every 10 s.</p>
    )}
    {data === undefined && problem === undefined && <p class="busy">Reading…</p>}
  </>
);

export function Heading({ title, children }: { title: string; children?: ComponentChildren }): JSX.Element {
  useEffect(() => {
    document.title = printable(`${title} · Rewind`);
  }, [title]);
  return (
    <div class="heading">
      <h1 title={title}>{printable(title)}</h1>
      <div class="tools">{children}</div>
    </div>
  );
}

/** Closes the dialog, which returns the focus to the button that has opened it. */
export const closeDialog = (): void => document.querySelector('dialog')?.close();

/** A modal dialog. */
export function Dialog({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="dialog-title">
      <h2 id="dialog-title">{title}</h2>
      {children}
    </dialog>
  );
}

export const CloseButton = ({ label, onClose }: { label: string; onClose: () => void }): JSX.Element => (
  <button
    type="button"
    class="quiet close"
    aria-label={label}
    onClick={() => {
      focusMain();
      onClose();
    }}
  >
    ×
  </button>
);

interface Choices<Text> {
  label: string;
  value: string | undefined;
  choices: readonly { value: string; text: Text }[];
  onChange: (value: string) => void;
}

/** Choices with the texts of their values, after one for any value. */
export const choicesOf = (values: readonly string[]): { value: string; text: string }[] => [
  { value: '', text: 'any' },
  ...values.map((value) => ({ value, text: value })),
];

export function Select({ label, value, choices, onChange }: Choices<string>): JSX.Element {
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Choices as a row of buttons. */
export const Chips = ({ label, value, choices, onChange }: Choices<ComponentChildren>): JSX.Element => (
  <div class="chips" role="group" aria-label={label}>
    {choices.map((choice) => (
      <button
        key={choice.value}
        type="button"
        class="chip"
        aria-pressed={choice.value === value}
        onClick={() => onChange(choice.value)}
      >
        {choice.text}
      </button>
    ))}
  </div>
);

export function TextField({
  label,
  value,
  onChange,
  placeholder,
  required,
  autoFocus,
  onBlur,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  placeholder?: string;
  required?: boolean;
  autoFocus?: boolean;
}): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (autoFocus) input.current?.focus();
  }, []);
  return (
    <label class="field">
      <span>{label}</span>
      <input
        ref={input}
        type="text"
        value={value}
        placeholder={placeholder}
        required={required}
        spellcheck={false}
        autocomplete="off"
        onBlur={onBlur}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}

/**
 * A field for a time in the user's time zone.
 * @param onChange called with the time in RFC 3339; '' for an empty field
 */
export const TimeField = ({ label, onChange }: { label: string; onChange: (time: string) => void }): JSX.Element => (
  <label class="field">
    <span>{label}</span>
    <input
      type="datetime-local"
      onInput={({ currentTarget: { value } }) => onChange(value === '' ? '' : new Date(value).toISOString())}
    />
  </label>
);

export const Check = ({
  label,
  checked,
  onChange,
}: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}): JSX.Element => (
  <label class="check">
    <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
    {label}
  </label>
);

/** Rarely used fields, folded unless one of them is set. */
export function MoreOptions({
  title = 'More options',
  isSet = false,
  children,
}: {
  title?: string;
  isSet?: boolean;
  children: ComponentChildren;
}): JSX.Element {
  // Only the initial state: afterwards it stays as the user leaves it.
  const [open] = useState(isSet);
  return (
    <details class="more-options" open={open}>
      <summary>{title}</summary>
      {children}
    </details>
  );
}

export const Facts = ({ facts }: { facts: [name: string, value: ComponentChildren][] }): JSX.Element => (
  <dl class="facts">
    {facts
      .filter(([, value]) => value !== undefined && value !== '' && value !== null)
      .map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
  </dl>
);
