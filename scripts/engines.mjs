// Runs suites against the distributed engines.
//   npm run test:contract   the contract suite of every port against every adapter that can be reached; prints a table, with
//                           --of REPORT of a run of Jest that was already
//   npm run test:engines    promises, runtime, end-to-end and crash suites and sample consumers on EventStoreDB, MongoDB and Kafka together,
//                           data sets and two servers there, and faults of these engines and of the ways to them; their long form is ANNALS_TEST_ENGINES=distributed npm run test:crash
// Addresses: ANNALS_TEST_EVENTSTOREDB (else the stand-in of test/stand-ins, which proves no durability), ANNALS_TEST_MONGODB,
// ANNALS_TEST_KAFKA (else Docker where it answers, else skipped). .ci/engines/*.sh start real servers and print addresses.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensure, root } from './ensure.mjs';
import { failuresOf, tellFailures } from './failures.mjs';

const [mode, ...more] = process.argv.slice(2);
const { ANNALS_TEST_EVENTSTOREDB: eventstoredb, ANNALS_TEST_MONGODB: mongodb, ANNALS_TEST_KAFKA: kafka } = process.env;
const folder = mkdtempSync(path.join(tmpdir(), 'annals-engines-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
await ensure({ build: true });

const adapters = [
  { name: 'sqlite', from: 'embedded' },
  { name: 'eventstoredb', from: eventstoredb ? 'ANNALS_TEST_EVENTSTOREDB' : 'stand-in (durability unproven)' },
  {
    name: 'mongodb',
    from: mongodb ? 'ANNALS_TEST_MONGODB' : 'Docker, if it answers',
    missing: unset({
      ANNALS_TEST_MONGODB: '.ci/engines/mongodb.sh start',
      ANNALS_TEST_MONGOD: '.ci/engines/mongodb.sh program',
    }),
  },
  {
    name: 'kafka',
    from: kafka ? 'ANNALS_TEST_KAFKA' : 'Docker, if it answers',
    missing: unset({ ANNALS_TEST_KAFKA: '.ci/engines/kafka.sh start', ANNALS_TEST_KAFKA_SCRIPT: 'it is .ci/engines/kafka.sh' }),
  },
];

if (mode === 'contract') {
  const report = more[0] === '--of' ? JSON.parse(readFileSync(more[1], 'utf8')) : jest('contract', adapters.map(folderOf), {});
  const rows = adapters.map(({ name, from, missing }) => {
    const suites = report.testResults.filter((suite) => suite.name.startsWith(path.join(root, folderOf({ name }), '/')));
    const tests = suites.flatMap(({ assertionResults }) => assertionResults);
    const [passed, failed] = ['passed', 'failed'].map((status) => tests.filter((test) => test.status === status).length);
    const broken = suites.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0).length;
    const skipped = tests.length - passed - failed;
    const remedy = skipped > 0 ? (missing ?? 'see the names of the skipped tests') : '';
    return [name, from, passed, failed + broken, skipped, remedy];
  });
  const lines = [['adapter', 'where from', 'passed', 'failed', 'skipped', 'to run what is skipped'], ...rows].map((row) =>
    row.map(String),
  );
  const widths = lines[0].map((_, column) => Math.max(...lines.map((row) => row[column].length)));
  for (const row of lines)
    process.stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd()}\n`,
    );
  process.exitCode = rows.some(([, , passed, failed]) => passed === 0 || failed > 0) ? 1 : 0;
} else if (mode === 'engines') {
  for (const { name, from } of adapters.slice(1)) process.stdout.write(`${name}: ${from}\n`);
  const suites =
    more.length > 0 ? more : ['test/promises', 'test/runtime', 'test/e2e', 'test/consumer', 'test/crash', 'test/engines'];
  // one round of kills: npm run test:crash has the long form
  const report = jest('engines', suites, { ANNALS_TEST_ENGINES: 'distributed', CRASH_ROUNDS: process.env.CRASH_ROUNDS ?? '1' });
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  process.stdout.write(
    `on the distributed engines: ${report.numPassedTests} passed, ${failed} failed, ${report.numPendingTests} skipped\n`,
  );
  process.exitCode = failed > 0 ? 1 : 0;
} else {
  process.stderr.write('Usage: node scripts/engines.mjs contract|engines [paths]\n');
  process.exitCode = 2;
}

function folderOf({ name }) {
  return `libs/adapters/${name}/`;
}

/** Which of the variables to set, each with what prints or is its value; undefined where all are set. */
function unset(variables) {
  const missing = Object.entries(variables).filter(([name]) => !process.env[name]);
  return missing.length === 0 ? undefined : missing.map(([name, from]) => `set ${name}: ${from}`).join('; ');
}

function jest(name, paths, env) {
  const file = path.join(folder, `${name}.json`);
  const args = ['scripts/test.mjs', '--json', `--outputFile=${file}`, ...paths];
  spawnSync(process.execPath, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] });
  const report = JSON.parse(readFileSync(file, 'utf8'));
  tellFailures(failuresOf(report));
  return report;
}
