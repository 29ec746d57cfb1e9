import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { setParameters, useAddress } from './address';
import { Select, TextField } from './parts';

interface Filters {
  /** Labels of text fields, by the name of their parameter of the address. */
  texts: Record<string, string>;
  choices: Record<string, { label: string; choices: { value: string; text: string }[] }>;
}

/** Fields that filter a list. Their values are in the address: those of texts after "Search", choices at once. */
export function FilterForm({ texts, choices }: Filters): JSX.Element {
  const { parameters } = useAddress();
  const valueOf = (name: string) => parameters.get(name) ?? '';
  const [typed, setTyped] = useState(
    Object.fromEntries(Object.keys(texts).map((name): [string, string] => [name, valueOf(name)])),
  );
  const set = (given: Record<string, string>) => setParameters(given, { replace: false });
  return (
    <form
      class="form-grid"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        set(typed);
      }}
    >
      {Object.entries(texts).map(([name, label]) => (
        <TextField
          key={name}
          label={label}
          value={typed[name] ?? ''}
          onChange={(value) => setTyped({ ...typed, [name]: value })}
        />
      ))}
      {Object.entries(choices).map(([name, shown]) => (
        <Select key={name} {...shown} value={valueOf(name)} onChange={(value) => set({ [name]: value })} />
      ))}
      <button type="submit" class="primary">
        Search
      </button>
    </form>
  );
}
