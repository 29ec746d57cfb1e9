import type { Figure } from './benchmark';
import type { Results } from './results';

const ROW_PX = 24;
/** Of a panel, above and below its bars: for the title, and for the axis. */
const TITLE_PX = 58;
const AXIS_PX = 40;
const BARS_FROM_PX = 420;
const BARS_PX = 420;
const WIDTH_PX = 960;
const TITLE_CHARACTERS = 125;

/** Between the marks of an axis: the smallest of these times a power of ten that gives at most this many. */
const STEPS = [1, 2, 2.5, 5, 10];
const MOST_MARKS = 6;

/** The ratios as bars: a panel and an axis of its own for each benchmark, with quartiles, limits, and a line at 1. */
export function plot({ benchmarks }: Results): string {
  const panels = Object.entries(benchmarks)
    .map(([name, { about, figures }]) => ({ name, about, ratios: figures.filter(({ unit }) => unit === 'ratio') }))
    .filter(({ ratios }) => ratios.length > 0);
  let y = 0;
  const drawn = panels.map(({ name, about, ratios }) => {
    const top = y;
    y += TITLE_PX + ratios.length * ROW_PX + AXIS_PX;
    return panel(top, name, about, ratios);
  });
  const height = y + ROW_PX;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH_PX}" height="${height}" viewBox="0 0 ${WIDTH_PX} ${height}" font-family="sans-serif" font-size="13">`,
    '<title>Rewind: ratios of all benchmarks</title>',
    `<rect width="${WIDTH_PX}" height="${height}" fill="#fff"/>`,
    ...drawn,
    `<text x="10" y="${height - 8}" fill="#555">bar: median · thin line: half of the runs · black mark: at most · dashed: 1 · orange: over its limit</text>`,
    '</svg>',
    '',
  ].join('\n');
}

function panel(top: number, name: string, about: string, ratios: readonly Figure[]): string {
  const reach = Math.max(...ratios.flatMap(({ value, spread, atMost }) => [value, spread?.[1] ?? 0, atMost ?? 0, 1]));
  const step = stepFor(reach);
  const end = Math.ceil(reach / step) * step;
  const x = (ratio: number) => round(BARS_FROM_PX + (ratio / end) * BARS_PX);
  const [from, to] = [top + TITLE_PX, top + TITLE_PX + ratios.length * ROW_PX];
  const marks = Array.from({ length: Math.round(end / step) + 1 }, (_, index) => index * step);
  return [
    `<text x="10" y="${top + 16}" font-weight="bold">${escaped(name)}</text>`,
    ...linesOf(about).map((line, index) => `<text x="10" y="${top + 34 + index * 16}">${escaped(line)}</text>`),
    ...marks.map(
      (mark) =>
        `<path d="M${x(mark)} ${from}V${to + 4}" stroke="#ddd"/>` +
        `<text x="${x(mark)}" y="${to + 18}" text-anchor="middle" fill="#555">${Number(mark.toPrecision(3))}</text>`,
    ),
    ...ratios.map((figure, index) => row(figure, from + index * ROW_PX, x)),
    `<path d="M${x(1)} ${from}V${to}" stroke="#555" stroke-dasharray="4 3"/>`,
  ].join('\n');
}

function row({ name, value, spread, atMost }: Figure, y: number, x: (ratio: number) => number): string {
  const missed = atMost !== undefined && value > atMost;
  const middle = y + ROW_PX / 2;
  const [lower, upper] = spread ?? [value, value];
  const limit = atMost === undefined ? '' : ` (≤ ${atMost})`;
  return [
    `<text x="${BARS_FROM_PX - 10}" y="${middle + 4}" text-anchor="end">${escaped(name)}</text>`,
    `<rect x="${BARS_FROM_PX}" y="${y + 4}" width="${round(x(value) - BARS_FROM_PX)}" height="${ROW_PX - 8}" fill="${missed ? '#c2410c' : '#60a5fa'}"/>`,
    ...(spread ? [`<path d="M${x(lower)} ${middle}H${x(upper)}" stroke="#1e3a8a" stroke-width="2"/>`] : []),
    ...(atMost === undefined
      ? []
      : [`<path d="M${x(atMost)} ${y + 1}v${ROW_PX - 2}" stroke="#111" stroke-width="3"/>`]),
    `<text x="${WIDTH_PX - 10}" y="${middle + 4}" text-anchor="end">${value.toPrecision(3)}${limit}</text>`,
  ].join('\n');
}

function stepFor(reach: number): number {
  const power = 10 ** Math.floor(Math.log10(reach / MOST_MARKS));
  return (STEPS.find((step) => reach / (step * power) <= MOST_MARKS) ?? 10) * power;
}

/** The first two lines of a text. */
function linesOf(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trimStart();
    if (longer.length <= TITLE_CHARACTERS) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.slice(0, 2);
}

const round = (pixels: number): number => Math.round(pixels * 10) / 10;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
