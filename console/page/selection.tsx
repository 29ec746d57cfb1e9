import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

/** The selected rows of a list. */
export interface Selection {
  /** Ids of the selected rows that are still in the list. */
  chosen: string[];
  isAll: boolean;
  has: (id: string) => boolean;
  canSelect: (id: string) => boolean;
  toggle: (id: string) => void;
  selectAll: (selected: boolean) => void;
  clear: () => void;
}

/**
 * Holds which rows of a list are selected. A row that leaves the list is no longer selected.
 * @param ids of the rows that can be selected
 */
export function useSelection(ids: string[]): Selection {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const chosen = ids.filter((id) => selected.has(id));
  return {
    chosen,
    isAll: chosen.length > 0 && chosen.length === ids.length,
    has: (id) => chosen.includes(id),
    canSelect: (id) => ids.includes(id),
    toggle: (id) => setSelected(new Set(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id])),
    selectAll: (all) => setSelected(new Set(all ? ids : [])),
    clear: () => setSelected(new Set()),
  };
}

/** The checkbox in the head of a list. */
export const SelectAll = ({ selection }: { selection: Selection }): JSX.Element => (
  <th class="select">
    <input
      type="checkbox"
      aria-label="Select all shown"
      checked={selection.isAll}
      onChange={(event) => selection.selectAll(event.currentTarget.checked)}
    />
  </th>
);

/** The checkbox of a row. */
export const SelectRow = ({ selection, id, name }: { selection: Selection; id: string; name: string }): JSX.Element => (
  <td class="select">
    <input
      type="checkbox"
      aria-label={`Select ${name}`}
      checked={selection.has(id)}
      disabled={!selection.canSelect(id)}
      onChange={() => selection.toggle(id)}
    />
  </td>
);
