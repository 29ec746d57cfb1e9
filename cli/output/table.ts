import stringWidth from 'fast-string-width';
import type { styleText } from 'node:util';
import { printable } from './quote';

type Style = Parameters<typeof styleText>[0];

export interface Column<Row> {
  title: string;
  value: (row: Row) => string | number | undefined;
  style?: (row: Row) => Style | undefined;
  /** On a narrow terminal, columns with the highest number are left out first; never with 0 or when absent. */
  drop?: number;
  /** On a narrow terminal, longer texts end with an ellipsis from this width on; never when absent, as for ids, which people copy. */
  cut?: number;
}

interface Options {
  /** Columns of the terminal; when undefined, no column is left out or shortened. */
  width: number | undefined;
  style: (style: Style, text: string) => string;
}

export interface Table {
  lines: string[];
  /** Titles of the columns that are left out. */
  leftOut: string[];
}

const GAP = '  ';

/** A longer cell does not widen its column: one long id must not push the other columns out of every row. */
const WIDEST = 60;

/** Formats a table with a title row. Columns that are empty in every row are left out. */
export function table<Row>(columns: Column<Row>[], rows: Row[], { width, style }: Options): Table {
  const filled = columns
    .map((column) => ({ ...column, cells: rows.map((row) => printable(String(column.value(row) ?? ''))) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''))
    .map((column) => ({ ...column, width: widthOf(column) }));
  const shown = fitting(filled, width);
  const line = (cells: string[], styled: (text: string, index: number) => string) =>
    cells
      .map((text, index) => {
        const column = shown[index];
        const cell = column?.cut === undefined || width === undefined ? text : shortened(text, column.width);
        const padding = index === shown.length - 1 ? 0 : (column?.width ?? 0) - stringWidth(cell);
        return `${styled(cell, index)}${' '.repeat(Math.max(0, padding))}`;
      })
      .join(GAP)
      .trimEnd();
  const titles = line(
    shown.map(({ title }) => title),
    (text) => style('dim', text),
  );
  const lines = rows.map((row, number) =>
    line(
      shown.map(({ cells }) => cells[number] ?? ''),
      (text, index) => {
        const wanted = shown[index]?.style?.(row);
        return wanted === undefined ? text : style(wanted, text);
      },
    ),
  );
  const leftOut = filled.filter(({ title }) => shown.every((column) => column.title !== title));
  return { lines: [titles, ...lines], leftOut: leftOut.map(({ title }) => title) };
}

function widthOf({ title, cells, cut }: { title: string; cells: string[]; cut?: number }): number {
  const widths = cells.map((cell) => stringWidth(cell)).filter((width) => cut !== undefined || width <= WIDEST);
  return Math.max(stringWidth(title), ...widths);
}

interface Sized {
  title: string;
  width: number;
  drop?: number;
  cut?: number;
}

/** Leaves out columns until the others fit at their smallest width, and shares the rest of the width among them. */
function fitting<One extends Sized>(columns: One[], width: number | undefined): One[] {
  if (width === undefined) return columns;
  const least = columns.map((column) => smallest(column));
  const total = least.reduce((sum, one) => sum + one, GAP.length * (columns.length - 1));
  const droppable = columns.filter(({ drop = 0 }) => drop > 0);
  if (total > width && droppable.length > 0) {
    const first = droppable.reduce((one, other) => ((other.drop ?? 0) > (one.drop ?? 0) ? other : one));
    return fitting(
      columns.filter((column) => column !== first),
      width,
    );
  }
  let room = Math.max(0, width - total);
  return columns.map((column, index) => {
    const more = Math.min(room, column.width - (least[index] ?? 0));
    room -= more;
    return { ...column, width: (least[index] ?? 0) + more };
  });
}

const smallest = ({ title, width, cut }: Sized): number =>
  cut === undefined ? width : Math.min(width, Math.max(cut, stringWidth(title)));

/** The beginning of a text, with an ellipsis if it is longer than the width. */
function shortened(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let beginning = '';
  for (const character of text) {
    if (stringWidth(beginning + character) >= width) break;
    beginning += character;
  }
  return `${beginning.trimEnd()}…`;
}
