// What failed, by the JSON report of Jest: one line a test with the first line of its error.
//   node scripts/failures.mjs REPORT
import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root } from './ensure.mjs';

const SHOWN = 300;
const firstLine = (text) =>
  stripVTControlCharacters(text)
    .split('\n')
    .find((line) => line.trim() !== '')
    ?.trim()
    .slice(0, SHOWN) ?? '';

export function failuresOf(report) {
  return report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = path.relative(root, name);
    const failed = assertionResults.filter((one) => one.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [`FAILED ${file}: ${firstLine(message)}`] : [];
    return failed.map((one) => `FAILED ${file}: ${one.fullName}: ${firstLine(one.failureMessages[0] ?? '')}`);
  });
}

/** Also into the file CI_FAILURES, where a run of many steps collects them. */
export function tellFailures(lines) {
  const text = lines.map((line) => `${line}\n`).join('');
  process.stdout.write(text);
  if (process.env.CI_FAILURES) appendFileSync(process.env.CI_FAILURES, text);
}

if (process.argv[1] === import.meta.filename) {
  for (const line of failuresOf(JSON.parse(readFileSync(process.argv[2], 'utf8')))) process.stdout.write(`${line}\n`);
}
