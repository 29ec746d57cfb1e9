import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Figure } from './benchmark';
import { benchmarks } from './benchmarks';
import { plot } from './plot';
import { knownResults, resultsPath } from './results';
import type { Measured } from './results';

/*
 * `npm run bench` runs all benchmarks, `npm run bench -- <name>…` some of them, and keeps the figures of the others.
 * Figures go to the terminal, to bench/results.json and to docs/performance.svg.
 */

const root = path.resolve(__dirname, '..');

void main(process.argv.slice(2));

async function main(names: string[]): Promise<void> {
  const unknown = names.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
  if (unknown.length > 0) {
    console.error(`No benchmark ${unknown.join(', ')}. There are: ${benchmarks.map(({ name }) => name).join(', ')}.`);
    process.exitCode = 1;
    return;
  }
  const results = knownResults();
  for (const { name, about, run } of benchmarks) {
    if (names.length > 0 && !names.includes(name)) continue;
    console.log(`\n${name}: ${about}`);
    const figures = await run();
    results.benchmarks[name] = { about, measured: measured(), figures };
    console.table(Object.fromEntries(figures.map((figure) => [figure.name, row(figure)])));
    writeFileSync(resultsPath, `${JSON.stringify(results, undefined, 2)}\n`);
  }
  writeFileSync(path.join(root, 'docs/performance.svg'), plot(results));
  const missed = Object.values(results.benchmarks).flatMap(({ figures }) => figures.filter(isMissed));
  for (const figure of missed)
    console.log(`NOT REACHED: ${figure.name} is ${format(figure.value)}, at most ${figure.atMost}`);
}

function row(figure: Figure): Record<string, string> {
  return {
    median: `${format(figure.value)} ${figure.unit}`,
    'half of the runs': figure.spread ? `${format(figure.spread[0])}–${format(figure.spread[1])}` : '',
    runs: figure.n === undefined ? '' : String(figure.n),
    'at most': figure.atMost === undefined ? '' : `${figure.atMost}${isMissed(figure) ? ' NOT REACHED' : ''}`,
    note: figure.note ?? '',
  };
}

function isMissed({ value, atMost }: Figure): boolean {
  return atMost !== undefined && value > atMost;
}

function format(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function measured(): Measured {
  const { dependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const about = ['@temporalio/client', '@grpc/grpc-js', '@aws-sdk/client-secrets-manager', 'zod'];
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim(),
    node: process.version,
    cpu: `${os.cpus().length} × ${os.cpus()[0]?.model ?? 'unknown'}`,
    versions: Object.fromEntries(about.map((name) => [name, dependencies[name] ?? ''])),
  };
}
