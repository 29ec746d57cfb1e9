import type { Results } from './results';

const ROW_PX = 26;
const BARS_FROM_PX = 430;
const PX_PER_RATIO = 110;
const WIDTH_PX = 960;

/** The ratios of all benchmarks as bars, with a mark where each has its limit; 1 is the floor. */
export function plot({ benchmarks }: Results): string {
  const bars = Object.values(benchmarks)
    .flatMap(({ figures }) => figures)
    .filter(({ unit }) => unit === 'ratio');
  const height = (bars.length + 2) * ROW_PX;
  const x = (ratio: number) => Math.min(BARS_FROM_PX + ratio * PX_PER_RATIO, WIDTH_PX - 60);
  const rows = bars.flatMap(({ name, value, atMost }, index) => {
    const y = (index + 1) * ROW_PX;
    const missed = atMost !== undefined && value > atMost;
    return [
      `<text x="${BARS_FROM_PX - 10}" y="${y + 16}" text-anchor="end">${escaped(name)}</text>`,
      `<rect x="${BARS_FROM_PX}" y="${y + 4}" width="${(x(value) - BARS_FROM_PX).toFixed(0)}" height="${ROW_PX - 8}" fill="${missed ? '#c2410c' : '#2563eb'}"/>`,
      `<text x="${(x(value) + 6).toFixed(0)}" y="${y + 16}">${value.toPrecision(3)}</text>`,
      ...(atMost === undefined
        ? []
        : [`<path d="M${x(atMost).toFixed(0)} ${y + 1}v${ROW_PX - 2}" stroke="#111" stroke-width="2"/>`]),
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH_PX}" height="${height}" font-family="sans-serif" font-size="13">`,
    '<title>Rewind: ratios to the floor</title>',
    `<rect width="${WIDTH_PX}" height="${height}" fill="#fff"/>`,
    `<path d="M${x(1)} ${ROW_PX - 4}V${height - ROW_PX}" stroke="#999" stroke-dasharray="4 3"/>`,
    `<text x="${x(1)}" y="${ROW_PX - 8}" text-anchor="middle" fill="#555">floor = 1</text>`,
    ...rows,
    `<text x="${BARS_FROM_PX}" y="${height - 8}" fill="#555">bar: median; black mark: at most</text>`,
    '</svg>',
    '',
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
