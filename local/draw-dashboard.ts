import type { WrittenMetrics } from './written-metrics';

/** The body of a CloudWatch dashboard, as far as it is drawn. */
export interface DashboardBody {
  widgets: Widget[];
}

interface Widget {
  type: string;
  x: number;
  y: number;
  width: number;
  height: number;
  properties: { title?: string; stacked?: boolean; metrics?: Metric[]; alarms?: unknown[] };
}

interface Rendered {
  label?: string;
  stat?: string;
  expression?: string;
  visible?: boolean;
}

/** `[namespace, name, dimension, value, …, rendered]`, or `[rendered]` with an expression. */
type Metric = (string | Rendered)[];

interface Series {
  label: string;
  stat: string;
  points: { at: number; value: number }[];
}

const COLUMN = 50;
const ROW = 36;
const BUCKET_MS = 10_000;
const MAX_LABELS = 6;
const colours = ['#1f77b4', '#ff7f0e', '#2ca02c', '#d62728', '#9467bd', '#8c564b', '#e377c2', '#17becf'];

/** The dashboard as an SVG: every widget in its place, with the figures that are there. */
export function drawDashboard({ widgets }: DashboardBody, written: WrittenMetrics[], title: string): string {
  const times = written.map(({ at }) => at);
  const [begin, end] = [Math.min(...times), Math.max(...times) + BUCKET_MS];
  const height = Math.max(...widgets.map(({ y, height: rows }) => (y + rows) * ROW)) + 30;
  const drawn = widgets.map((widget) => drawWidget(widget, written, begin, end));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${24 * COLUMN}" height="${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="100%" height="100%" fill="#f4f4f4"/><text x="8" y="19" font-size="13">${escaped(title)}</text>`,
    ...drawn,
    '</svg>\n',
  ].join('\n');
}

function drawWidget(widget: Widget, written: WrittenMetrics[], begin: number, end: number): string {
  const { x, y, width, height, properties } = widget;
  const [w, h] = [width * COLUMN - 8, height * ROW - 8];
  const parts = [
    `<g transform="translate(${x * COLUMN + 4},${y * ROW + 30})">`,
    `<rect width="${w}" height="${h}" fill="#fff" stroke="#ccc"/>`,
    `<text x="8" y="17" font-weight="bold">${escaped(properties.title ?? '')}</text>`,
  ];
  const series = (properties.metrics ?? []).flatMap((metric) => seriesOf(metric, written));
  const withFigures = series.filter(({ points }) => points.length > 0);
  if (properties.alarms) {
    parts.push(`<text x="8" y="40" fill="#555">${properties.alarms.length} alarms and their states</text>`);
  } else if (withFigures.length === 0) {
    const labels = [...new Set(series.map(({ label }) => label))].slice(0, MAX_LABELS).join(' · ');
    parts.push(`<text x="8" y="${h / 2}" fill="#888">no figures in a local run</text>`);
    parts.push(`<text x="8" y="${h - 10}" fill="#888">${escaped(labels)}</text>`);
  } else {
    parts.push(drawSeries(withFigures, properties.stacked ?? false, { w, h, begin, end }));
  }
  return [...parts, '</g>'].join('\n');
}

function drawSeries(
  series: Series[],
  stacked: boolean,
  { w, h, begin, end }: { w: number; h: number; begin: number; end: number },
): string {
  const buckets = Math.max(1, Math.ceil((end - begin) / BUCKET_MS));
  const figures = series.map(({ points, stat }) =>
    Array.from({ length: buckets }, (_, index) => {
      const from = begin + index * BUCKET_MS;
      const inside = points.filter(({ at }) => at >= from && at < from + BUCKET_MS).map(({ value }) => value);
      return inside.length > 0 ? statistic(stat, inside) : undefined;
    }),
  );
  const totals = Array.from({ length: buckets }, (_, index) => figures.map((of) => of[index] ?? 0));
  const highest = Math.max(
    1,
    ...totals.map((of) => (stacked ? of.reduce((sum, one) => sum + one, 0) : Math.max(...of))),
  );
  const shown = series.slice(0, MAX_LABELS);
  const [top, bottom, left] = [30, h - 16 - 13 * Math.ceil(shown.length / 2), 40];
  const atX = (index: number) => left + ((w - left - 10) * (index + 0.5)) / buckets;
  const atY = (value: number) => bottom - ((bottom - top) * value) / highest;
  const barWidth = Math.max(2, (w - left - 10) / buckets - 2);
  const round = (value: number) => value.toFixed(1);

  const parts = [
    `<text x="4" y="${top + 4}" fill="#555">${Number(highest.toPrecision(3))}</text><text x="4" y="${bottom}" fill="#555">0</text>`,
    `<path d="M${left},${top}V${bottom}H${w - 10}" fill="none" stroke="#999"/>`,
  ];
  const under = Array.from({ length: buckets }, () => 0);
  figures.forEach((values, nth) => {
    const colour = colours[nth % colours.length];
    const points: string[] = [];
    values.forEach((value, index) => {
      if (value === undefined) return;
      if (stacked) {
        const base = under[index] ?? 0;
        under[index] = base + value;
        const [x, y] = [round(atX(index) - barWidth / 2), round(atY(base + value))];
        const tall = round(atY(base) - atY(base + value));
        parts.push(`<rect x="${x}" y="${y}" width="${round(barWidth)}" height="${tall}" fill="${colour}"/>`);
      } else {
        points.push(`${round(atX(index))},${round(atY(value))}`);
      }
    });
    if (points.length > 0) {
      parts.push(`<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/>`);
      for (const point of points) {
        const [x, y] = point.split(',');
        parts.push(`<circle cx="${x}" cy="${y}" r="2" fill="${colour}"/>`);
      }
    }
  });
  shown.forEach(({ label }, nth) => {
    const [x, y] = [8 + (nth % 2) * (w / 2), bottom + 16 + 13 * Math.floor(nth / 2)];
    parts.push(
      `<rect x="${x}" y="${y - 8}" width="8" height="8" fill="${colours[nth % colours.length]}"/><text x="${x + 12}" y="${y}">${escaped(label)}</text>`,
    );
  });
  return parts.join('\n');
}

function seriesOf(metric: Metric, written: WrittenMetrics[]): Series[] {
  const last = metric.at(-1);
  const { label = '', stat = 'Average', expression, visible }: Rendered = typeof last === 'object' ? last : {};
  if (visible === false) return [];
  if (expression !== undefined) return searched(expression, label, written);
  const [, name = '', ...pairs] = metric.filter((part) => typeof part === 'string');
  const wanted: Record<string, string> = {};
  for (let index = 0; index + 1 < pairs.length; index += 2) wanted[pairs[index] ?? ''] = pairs[index + 1] ?? '';
  const points = written
    .filter(
      ({ dimensions }) =>
        Object.keys(dimensions).length === Object.keys(wanted).length &&
        // The template knows a function by its logical id, which is in its name.
        Object.entries(wanted).every(([key, value]) => dimensions[key]?.includes(value)),
    )
    .flatMap(({ at, values }) => (values[name] ?? []).map((value) => ({ at, value })));
  return [{ label: label || name, stat, points }];
}

/** What `SEARCH('{Namespace,dimension,…} MetricName="…" dimension=("…" OR "…")', …)` finds, a series a set of values. */
function searched(expression: string, label: string, written: WrittenMetrics[]): Series[] {
  const [, schema = '', conditions = ''] = /SEARCH\('\{([^}]*)\}(.*?)'/.exec(expression) ?? [];
  const [namespace, ...names] = schema.split(',');
  const name = /MetricName="([^"]*)"/.exec(conditions)?.[1] ?? '';
  const allowed = [...conditions.matchAll(/(\w+)=\(([^)]*)\)/g)].map(([, key = '', values = '']) => ({ key, values }));
  const found = new Map<string, Series>();
  for (const { namespace: of, at, dimensions, values } of written) {
    const fits =
      of === namespace &&
      Object.keys(dimensions).toSorted().join() === names.toSorted().join() &&
      allowed.every(({ key, values: texts }) => texts.includes(`"${dimensions[key]}"`));
    if (!fits || !values[name]) continue;
    const text = label.replaceAll(/\$\{PROP\('Dim\.(\w+)'\)\}/g, (_all, key: string) => dimensions[key] ?? '');
    const series = found.get(text) ?? { label: text, stat: 'Sum', points: [] };
    series.points.push(...values[name].map((value) => ({ at, value })));
    found.set(text, series);
  }
  return found.size > 0 ? [...found.values()] : [{ label: '', stat: 'Sum', points: [] }];
}

function statistic(stat: string, values: number[]): number {
  if (stat === 'Sum') return values.reduce((sum, value) => sum + value, 0);
  if (stat === 'Maximum') return Math.max(...values);
  if (stat === 'Minimum') return Math.min(...values);
  const percent = Number(/^p(\d+)/.exec(stat)?.[1] ?? 50);
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
