import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Problem } from './api';
import { timeText, words } from './format';

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

/** Copies the command line that does or shows the same. */
export function CopyCommand({
  command,
  label = 'Copy as rewind command',
}: {
  command: string;
  label?: string;
}): JSX.Element {
  return <Copy text={command} label={label} title={command} />;
}

export function CopyAddress(): JSX.Element {
  return (
    <Copy
      text={location.href.replace(/[?&]change=[\w-]+/, '')}
      label="Copy address"
      title="The address of what is shown"
    />
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

/** What was refused, and what helps. */
export function ProblemBox({ problem }: { problem: Error | undefined }): JSX.Element | null {
  if (problem === undefined) return null;
  const hints = problem instanceof Problem ? problem.hints : [];
  const isRefused = problem instanceof Problem && problem.status === 403;
  return (
    <div class="box box-bad" role="alert">
      <strong>{isRefused ? 'Not allowed' : 'That did not work'}</strong>
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

export function Heading({ title, children }: { title: string; children?: ComponentChildren }): JSX.Element {
  useEffect(() => {
    document.title = `${title} · Rewind`;
  }, [title]);
  return (
    <div class="heading">
      <h1>{title}</h1>
      <div class="tools">{children}</div>
    </div>
  );
}

/** A dialog that has the focus until it is closed. */
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

export interface Choice {
  value: string;
  text: string;
}

export function Select({
  label,
  value,
  choices,
  onChange,
}: {
  label: string;
  value: string;
  choices: readonly Choice[];
  onChange: (value: string) => void;
}): JSX.Element {
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

export function TextField({
  label,
  value,
  onChange,
  placeholder,
  required,
  autoFocus,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
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
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </label>
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

export const Empty = ({ children }: { children: ComponentChildren }): JSX.Element => <p class="empty">{children}</p>;

export function MoreButton({
  more,
  reading,
}: {
  more: (() => void) | undefined;
  reading: boolean;
}): JSX.Element | null {
  if (more === undefined && !reading) return null;
  return (
    <button type="button" class="more" disabled={reading} onClick={more}>
      {reading ? 'Reading…' : 'Show more'}
    </button>
  );
}
