import { metricsIn } from './written-metrics';
import type { WrittenMetrics } from './written-metrics';

/** Captures the metrics that this process writes from now on, without timestamps. */
export function captureMetrics(): { written: () => Omit<WrittenMetrics, 'at'>[]; stop: () => void } {
  const lines: string[] = [];
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  const written = () => metricsIn(lines.join('')).map(({ at: _at, ...metrics }) => metrics);
  return { written, stop: () => spy.mockRestore() };
}
