import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Measure } from './measure.js';

/** Writes the measures of a run as JSON and as a table to read; a later run of the same day gets a number. */
export function writeResults(
  measures: readonly Measure[],
  folder: string,
  short: boolean,
): { readonly table: string; readonly files: readonly string[] } {
  const at = new Date().toISOString();
  const machine = {
    node: process.version,
    cores: cpus().length,
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
  };
  const missed = measures.filter(({ target }) => target && !target.met);
  const named = measures.filter(({ target }) => target);
  const table = [
    `# Benchmark of ${at.slice(0, 10)}${short ? ' (short form: smaller data, indicative)' : ''}`,
    '',
    `Node ${machine.node}, ${machine.cores} cores (${machine.processor}), ${machine.memoryGigabytes} GB, ${machine.platform}. Medians of rounds that alternate with the baseline in the same run.`,
    `${named.length - missed.length} of ${named.length} targets met.`,
    '',
    '| bench | measure | value | baseline | ratio | target | |',
    '|---|---|---|---|---|---|---|',
    ...measures.map(row),
    '',
  ].join('\n');
  mkdirSync(folder, { recursive: true });
  const first = join(folder, `${at.slice(0, 10)}-node-${process.versions.node}`);
  let name = first;
  for (let run = 2; existsSync(`${name}.json`); run++) name = `${first}-${run}`;
  const files = [`${name}.json`, `${name}.md`];
  writeFileSync(`${name}.json`, `${JSON.stringify({ at, short, machine, measures }, null, 2)}\n`);
  writeFileSync(`${name}.md`, table);
  return { table, files };
}

function row({ bench, measure, value, unit, baseline, ratio, target, note }: Measure): string {
  const cells = [
    bench,
    measure,
    `${shown(value)} ${unit}`,
    baseline ? `${shown(baseline.value)} ${unit} (${baseline.name})` : '',
    ratio === undefined ? '' : ratio.toFixed(2),
    target ? `${target.text}: ${target.met ? 'met' : '**not met**'}` : '',
    note ?? '',
  ];
  return `| ${cells.join(' | ')} |`;
}

const shown = (value: number) => (Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-GB') : value.toFixed(2));
