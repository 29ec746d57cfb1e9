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
}

interface Options {
  /** Columns of the terminal; when undefined, no column is left out. */
  width: number | undefined;
  style: (style: Style, text: string) => string;
}

const GAP = '  ';

/** Formats a table with a title row. Columns that are empty in every row are left out. */
export function table<Row>(columns: Column<Row>[], rows: Row[], { width, style }: Options): string[] {
  const filled = columns
    .map((column) => ({ ...column, cells: rows.map((row) => printable(String(column.value(row) ?? ''))) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''))
    .map((column) => ({
      ...column,
      width: Math.max(...[column.title, ...column.cells].map((cell) => stringWidth(cell))),
    }));
  const shown = fitting(filled, width);
  const last = shown.length - 1;
  const line = (cells: string[], styled: (text: string, index: number) => string) =>
    cells
      .map((cell, index) => {
        const padding = index === last ? '' : ' '.repeat((shown[index]?.width ?? 0) - stringWidth(cell));
        return `${styled(cell, index)}${padding}`;
      })
      .join(GAP);
  return [
    line(
      shown.map(({ title }) => title),
      (text) => style('dim', text),
    ),
    ...rows.map((row, number) =>
      line(
        shown.map(({ cells }) => cells[number] ?? ''),
        (text, index) => {
          const wanted = shown[index]?.style?.(row);
          return wanted === undefined ? text : style(wanted, text);
        },
      ),
    ),
  ];
}

function fitting<Sized extends { width: number; drop?: number }>(columns: Sized[], width: number | undefined): Sized[] {
  const total = columns.reduce((sum, column) => sum + column.width, GAP.length * (columns.length - 1));
  const droppable = columns.filter(({ drop = 0 }) => drop > 0);
  if (width === undefined || total <= width || droppable.length === 0) return columns;
  const first = droppable.reduce((one, other) => ((other.drop ?? 0) > (one.drop ?? 0) ? other : one));
  return fitting(
    columns.filter((column) => column !== first),
    width,
  );
}
