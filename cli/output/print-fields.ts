import type { Output } from './output';
import { printable } from './quote';

/** Prints names and values in two columns, and leaves out empty values. */
export function printFields(output: Output, rows: [name: string, value: string | number | undefined][]): void {
  const shown = rows.filter(([, value]) => value !== undefined && value !== '');
  const width = Math.max(...shown.map(([name]) => name.length));
  for (const [name, value] of shown) {
    output.line(`${output.style('dim', name.padEnd(width))}  ${printable(String(value))}`);
  }
}

/** `2 reset, 1 not-a-reset-point` */
export const countsText = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
