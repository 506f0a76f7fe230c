import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { Client } from '../cli/client/client.js';
import { tokenOf } from '../cli/client/connect.js';
import { exitCodes, Failure } from '../cli/client/problems.js';
import { examples, wholeNumber } from '../cli/commands/shared.js';
import { definitions } from '../cli/definitions.js';
import { idOf } from '../cli/import/functions.js';
import { readMapping } from '../cli/import/mapping.js';
import { planOf } from '../cli/import/plan.js';
import { RejectsFile } from '../cli/import/rejects.js';
import { runImport } from '../cli/import/run-import.js';
import { progressBar } from '../cli/output/progress.js';
import { loadConfig } from '../server/config.js';
import { refusedStart } from '../server/serve.js';
import { startServer } from '../server/start.js';
import { companyOf } from './company.js';
import { caughtUp, finished, type Senders, sendersFor, sendHistory } from './send-history.js';
import { board, busiestCustomer, curls, document, list, verdicts } from './show.js';

interface Options {
  readonly seed: number;
  readonly until: string;
  readonly maven?: string;
  readonly port: number;
  readonly writeCommands?: string;
  readonly exit?: boolean;
}

/** The demo takes the engines of its environment, which have to be empty, and nothing else. */
const ENGINES = /^ANNALS_((LOG|VIEWS|TOPICS|KEYS)_ENGINE|(EVENTSTOREDB|MONGODB|KAFKA)_.*)$/;
const enginesIn = (env: NodeJS.ProcessEnv) => Object.fromEntries(Object.entries(env).filter(([name]) => ENGINES.test(name)));

const ON_USED_ENGINES =
  'On engines of the environment the demo needs a place with nothing on it: name another one in ANNALS_EVENTSTOREDB_NAMESPACE, ANNALS_MONGODB_DATABASE and ANNALS_KAFKA_PREFIX.';

const refusal = (error: unknown) =>
  Object.keys(enginesIn(process.env)).length === 0 ? refusedStart(error) : `${refusedStart(error)}\n${ON_USED_ENGINES}`;

const today = () => new Date().toISOString().slice(0, 10);
const say = (text: string) => process.stdout.write(`${text}\n`);

const program = new Command('demo')
  .description(
    'Starts Annals in a throw-away folder, plays a company of three years through its command API, and shows what can be asked.',
  )
  .option('--seed <number>', 'another seed is another company', wholeNumber, 1)
  .option('--until <day>', 'the history ends with the day before it; today if left out', dayNotAfterToday, today())
  .option('--maven <folder>', 'import the Maven sales data in this folder instead')
  .option('--port <port>', 'first port to try; a busy one moves on', wholeNumber, 7070)
  .option('--write-commands <file>', 'write the commands to a file (NDJSON, as POST /v1/commands takes them)')
  .option('--exit', 'leave after printing')
  .addHelpText('after', examples('npm run demo', 'npm run demo -- --seed 7 --until 2026-01-01 --exit'));

program.parse();
process.exitCode = await demo(program.opts<Options>());

async function demo(options: Options): Promise<number> {
  const place = mkdtempSync(path.join(tmpdir(), 'annals-demo-'));
  const stop = stopSignal();
  try {
    const env = {
      ...enginesIn(process.env),
      ANNALS_DATA: path.join(place, 'data'),
      ANNALS_SECRETS: path.join(place, 'secrets'),
      ANNALS_PORT: String(options.port),
      ANNALS_PORT_SEARCH: 'true',
      ANNALS_LOG_LEVEL: 'warn',
    };
    const server = await startServer(loadConfig(env));
    try {
      const client = new Client(server.url, tokenOf({ tokenFile: server.adminTokenFile }, {}));
      const play = options.maven === undefined ? sample(await sendersFor(client), options) : maven(client, options.maven);
      const { pipelineId, day } = (await Promise.race([play, stop.then(() => undefined)])) ?? {};
      if (pipelineId === undefined || day === undefined) return exitCodes.ok;
      say(curls(server.url, server.adminTokenFile, { pipelineId, day }));
      say(`Server:        ${server.url}\nDocumentation: ${server.url}/docs\nToken:         ${server.adminTokenFile}`);
      say(
        `Command line:  ANNALS_DATA=${env.ANNALS_DATA} ANNALS_SECRETS=${env.ANNALS_SECRETS} npm run annals -- query pipeline --group phase`,
      );
      if (!options.exit) {
        say('\nIt stays up until Ctrl-C; then its folder is removed.');
        await stop;
      }
      return exitCodes.ok;
    } finally {
      await server.close();
    }
  } catch (error) {
    process.stderr.write(`${error instanceof Failure ? error.message : refusal(error)}\n`);
    return error instanceof Failure ? error.exitCode : exitCodes.refused;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

async function sample(senders: Senders, { seed, until, writeCommands }: Options): Promise<{ pipelineId: string; day: string }> {
  const { commands, today, pipelineId, showcase } = companyOf(seed, until);
  if (writeCommands !== undefined)
    writeFileSync(writeCommands, [...commands, ...today].map((line) => `${JSON.stringify(line)}\n`).join(''));
  const bar = progressBar('Sending three years of commands');
  const started = Date.now();
  const all = commands.length + today.length;
  const count = (sent: number) =>
    bar.update(sent, all, `${sent} of ${all}, ${Math.round((sent * 1000) / (Date.now() - started))}/s`);
  const client = senders.company;
  await sendHistory(senders, commands, count);
  const processes = await sendHistory(senders, today, (sent) => count(commands.length + sent));
  await finished(client, processes);
  const head = await caughtUp(client);
  bar.end(`done: ${all} commands in ${((Date.now() - started) / 1000).toFixed(1)} s`);

  const day = yearBefore(until);
  const phases = ['PROSPECTING', 'QUALIFICATION', 'PROPOSAL', 'NEGOTIATION', 'CLOSED_WON', 'CLOSED_LOST'];
  say(await board(client, phases, day, head));
  say(await document(client, 'customer360', showcase.customerId, 'One customer, from all sides'));
  say(await document(client, 'order-to-cash', showcase.orderId, 'One order on its way to cash'));
  say(await verdicts(client, head));
  return { pipelineId, day };
}

async function maven(client: Client, folder: string): Promise<{ pipelineId: string; day: string }> {
  const mappingFile = new URL(
    `${import.meta.url.includes('/dist/') ? '../../..' : '../..'}/mappings/maven-sales.yml`,
    import.meta.url,
  ).pathname;
  const mapping = readMapping(mappingFile);
  const bar = progressBar('Importing the Maven sales data');
  const started = Date.now();
  const rejects = new RejectsFile(path.resolve(`${mapping.mapping}-rejects.ndjson`));
  const summaries = await runImport(planOf(mapping, mappingFile, definitions()), {
    folder,
    client,
    rejects,
    progress: ({ bytes, of, rows }) =>
      bar.update(bytes, of, `${rows} rows, ${Math.round((rows * 1000) / (Date.now() - started))}/s`),
  }).finally(() => rejects.close());
  const head = await caughtUp(client);
  bar.end(`done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  say(list(summaries.map(({ skippedBecause: _, ...counts }) => counts)));
  if (rejects.count > 0) say(`Rejected rows: ${rejects.path}`);

  const day = '2017-03-31';
  say(await board(client, ['Prospecting', 'Engaging', 'Won', 'Lost'], day, head));
  const customer = await busiestCustomer(client);
  if (customer !== undefined) say(await document(client, 'customer360', customer, 'One customer, from all sides'));
  return { pipelineId: idOf(mapping.mapping, 'pipeline', ['Maven']), day };
}

function yearBefore(day: string): string {
  const date = new Date(`${day}T00:00:00.000Z`);
  date.setUTCFullYear(date.getUTCFullYear() - 1);
  return date.toISOString().slice(0, 10);
}

/** Resolves at the first Ctrl-C or SIGTERM. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

function dayNotAfterToday(value: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(value) || Number.isNaN(Date.parse(value)))
    throw new InvalidArgumentError('Give a day, for example 2026-01-01.');
  if (value > today()) throw new InvalidArgumentError('The history cannot end in the future.');
  return value;
}
