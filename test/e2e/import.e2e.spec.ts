import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '../../apps/cli/client/client.js';
import { definitions } from '../../apps/cli/definitions.js';
import { mappingFrom } from '../../apps/cli/import/mapping.js';
import { planOf } from '../../apps/cli/import/plan.js';
import { type Reject, RejectsFile } from '../../apps/cli/import/rejects.js';
import { runImport, type SourceSummary } from '../../apps/cli/import/run-import.js';
import { run } from '../../apps/cli/program.js';
import { loadConfig } from '../../apps/server/config.js';
import { type RunningServer, startServer } from '../../apps/server/start.js';
import { engineSettings, onDistributedEngines } from '../support/engines.js';
import { eventually, temporaryFolder } from '../support/house.js';

/** Serves CID-12 (data from other sources). */
const mapping = (name: string) => `
mapping: ${name}
cutOver: 2026-01-01T00:00:00.000Z
sources:
  customers:
    file: customers.csv
    columns: [name, mail, segment]
    identity: [name]
    defines: customer
    steps:
      - command: RegisterCustomer
        at: =moment('2020-01-01')
        payload: { customerId: '=id(customer, {name})', kind: PERSON, name: '={name}', email: '={mail}', segment: '={segment}' }
  deals:
    file: deals.csv
    columns: [deal, customer, price, opened, note]
    identity: [deal]
    skip:
      - when: { note: draft }
        reason: is a draft
    steps:
      - command: OpenOpportunity
        at: =moment({opened!}, '12:00')
        payload: { opportunityId: '=id(deal, {deal})', customerId: '=ref(customer, {customer!})', amount: '=money({price!}, EUR)', currency: EUR }
      - command: LoseOpportunity
        when: { note: lost }
        at: =moment({opened!}, '13:00')
        payload: { opportunityId: '=id(deal, {deal})', reason: PRICE }
`;

/** Of the import that is killed. */
const ROWS = onDistributedEngines ? 400 : 4_000;

let server: RunningServer;
let client: Client;
let root: string;
let env: Record<string, string>;

beforeAll(async () => {
  root = temporaryFolder();
  env = {
    ANNALS_DATA: path.join(root, 'data'),
    ANNALS_SECRETS: path.join(root, 'secrets'),
    ANNALS_PORT: '0',
    ANNALS_LOG_LEVEL: 'error',
    ...(await engineSettings(path.join(root, 'data'))),
  };
  server = await startServer(loadConfig(env));
  client = new Client(server.url, readFileSync(server.adminTokenFile, 'utf8').trim());
});
afterAll(() => server.close());

const folderOf = (name: string, customers: string | Buffer, deals: string | Buffer): string => {
  const folder = path.join(root, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'customers.csv'), customers);
  writeFileSync(path.join(folder, 'deals.csv'), deals);
  return folder;
};

async function imported(
  name: string,
  folder: string,
  text = mapping(name),
): Promise<{ readonly summaries: readonly SourceSummary[]; readonly rejects: readonly Reject[] }> {
  const rejects = new RejectsFile(path.join(folder, 'rejects.ndjson'));
  const summaries = await runImport(planOf(mappingFrom(text, name), name, definitions()), { folder, client, rejects });
  rejects.close();
  const lines = existsSync(rejects.path) ? readFileSync(rejects.path, 'utf8').trim().split('\n') : [];
  return { summaries, rejects: lines.map((line) => JSON.parse(line) as Reject) };
}

/** Lost opportunities of all imports so far. */
async function lost(): Promise<number> {
  const { groups } = await client.get<{ groups: readonly { status: string; count: number }[] }>('/v1/views/pipeline', {
    group: 'status',
    minPosition: await head(),
  });
  return groups.find(({ status }) => status === 'LOST')?.count ?? 0;
}

const CUSTOMERS = 'name,mail,segment\nAnna,anna@a.example,retail\nBo,bo@b.example,\n';
const counts = ({ read, imported, unchanged, rejected, skipped }: SourceSummary) => ({
  read,
  imported,
  unchanged,
  rejected,
  skipped,
});

describe('an import', () => {
  it('takes columns apart by spaces, rows that tell of the same thing once, and rows with nothing that tells them apart', async () => {
    const till = `
mapping: till
cutOver: 2026-01-01T00:00:00.000Z
sources:
  silence:
    rows: [{ days: '30' }]
    identity: [days]
    steps:
      - command: DefineSilence
        at: =moment('2021-01-01')
        payload: { days: '=whole({days})' }
  buyers: &till
    file: till.txt
    delimiter: ' '
    header: false
    columns: [buyer, day, pieces, paid]
    identity: [buyer]
    repeats: skip
    defines: buyer
    steps:
      - command: RegisterCustomer
        at: =before(moment({day!}, '12:00', 'YYYYMMDD'), 1, days)
        payload: { customerId: '=id(buyer, {buyer})', kind: PERSON, name: '={buyer}' }
  purchases:
    file: till.txt
    delimiter: ' '
    header: false
    columns: [buyer, day, pieces, paid]
    identity: [$line]
    steps:
      - command: RecordPurchase
        at: =moment({day!}, '12:00', 'YYYYMMDD')
        payload: { customerId: '=ref(buyer, {buyer})', purchaseId: '=id(purchase, {$line!})', amount: '=money({paid!}, USD)', currency: USD }
`;
    const folder = path.join(root, 'till');
    mkdirSync(folder);
    writeFileSync(
      path.join(folder, 'till.txt'),
      ' 1 20210104  2   29.33\r\n 1 20210104  2   29.33\r\n 2 20210301 1 0.00\r\n 1 20210115  x 5\r\n',
    );
    const plan = planOf(mappingFrom(till, 'till'), 'till', definitions());
    const rejects = new RejectsFile(path.join(folder, 'rejects.ndjson'));
    for (const effect of ['imported', 'unchanged'] as const) {
      const summaries = await runImport(plan, { folder, client, rejects });
      const expected = { read: 4, imported: 0, unchanged: 0, rejected: 0, skipped: 0 };
      expect(summaries.slice(1).map(counts)).toEqual([
        { ...expected, [effect]: 2, skipped: 2 },
        { ...expected, [effect]: 4 },
      ]);
      expect(summaries[1]?.skippedBecause).toEqual({ 'repeats an earlier row': 2 });
    }
  });

  it('puts bad rows aside with line, field and reason; the rest goes in, and the summary adds up', async () => {
    const deals = [
      'deal,customer,price,opened,note',
      '1,Anna,10.50,2021-01-04,',
      '2,Anna,10.50,2021-02-30,',
      '3,Anna,-1,2021-01-04,',
      '4,Nobody,1,2021-01-04,',
      '5,Anna,,2021-01-04,',
      '6,Anna,1',
      `7,Anna,1,2021-01-04,${'x'.repeat(2_000_000)}`,
      '8,"Anna,1,2021-01-04,',
      '9,Bo,7,2021-01-05,lost',
      '10,Bo,7,2999-01-05,',
      '9,Bo,7,2021-01-05,lost',
      '11,Bo,7,2021-01-05,draft',
      '"12",  Bo ,"1,234.00",2021-01-05,"with',
      'two lines"',
      '13,Bo,7,20',
    ].join('\r\n');
    const folder = folderOf('bad', `\uFEFF${CUSTOMERS}`, deals);
    const { summaries, rejects } = await imported('bad', folder);
    expect(summaries.map(counts)).toEqual([
      { read: 2, imported: 2, unchanged: 0, rejected: 0, skipped: 0 },
      { read: 14, imported: 3, unchanged: 0, rejected: 10, skipped: 1 },
    ]);
    expect(
      [...rejects]
        .sort((one, other) => one.line - other.line)
        .map(({ line, field, value, reason }) => [line, field, value, reason.split(/[(;,]/)[0]?.trim()]),
    ).toEqual([
      [3, 'opened', '2021-02-30', 'is not a day of the calendar'],
      [4, 'price', '-1', 'is negative'],
      [5, 'customer', undefined, 'refers to an unknown customer'],
      [6, 'price', undefined, 'is empty'],
      [7, undefined, undefined, 'has 3 columns'],
      [8, undefined, undefined, 'is longer than 1048576 bytes'],
      [9, undefined, undefined, 'has a quote in the middle of a field'],
      [11, 'opened', '2999-01-05', expect.stringContaining('lies in the future')],
      [12, 'deal', '9', 'has the same identity as line 10'],
      [16, undefined, undefined, 'has 4 columns'],
    ]);
    expect(rejects.find(({ line }) => line === 16)?.reason).toContain('cut off');
    expect(statSync(path.join(folder, 'rejects.ndjson')).mode & 0o777).toBe(0o600);
    const { groups } = await client.get<{ groups: unknown }>('/v1/views/pipeline', {
      group: 'status',
      sum: 'amount',
      asOf: '2021-12-31',
      minPosition: await head(),
    });
    expect(groups).toEqual([
      { status: 'LOST', currency: 'EUR', count: 1, amount: 700 },
      { status: 'OPEN', currency: 'EUR', count: 2, amount: 124_450 },
    ]);
  });

  it('changes nothing when it runs again, and takes in what was repaired', async () => {
    const bad = 'deal,customer,price,opened,note\na,Anna,1,2021-01-04,\nb,Anna,1,2021-13-04,\n';
    const folder = folderOf('again', CUSTOMERS.replaceAll('.example', '.again.example'), bad);
    expect((await imported('again', folder)).summaries.map(counts)[1]).toEqual({
      read: 2,
      imported: 1,
      unchanged: 0,
      rejected: 1,
      skipped: 0,
    });
    const before = await head();
    expect((await imported('again', folder)).summaries.map(counts)[1]).toEqual({
      read: 2,
      imported: 0,
      unchanged: 1,
      rejected: 1,
      skipped: 0,
    });
    expect(await head()).toBe(before);
    writeFileSync(path.join(folder, 'deals.csv'), bad.replace('2021-13-04', '2021-12-04'));
    expect((await imported('again', folder)).summaries.map(counts)[1]).toEqual({
      read: 2,
      imported: 1,
      unchanged: 1,
      rejected: 0,
      skipped: 0,
    });
  });

  it('says so when a row was imported before with other values', async () => {
    const row = 'deal,customer,price,opened,note\na,Anna,1,2021-01-04,\n';
    const folder = folderOf('changed', CUSTOMERS.replaceAll('.example', '.changed.example'), row);
    await imported('changed', folder);
    writeFileSync(path.join(folder, 'deals.csv'), row.replace(',1,', ',2,'));
    const { rejects } = await imported('changed', folder);
    expect(rejects).toMatchObject([
      { line: 2, command: 'OpenOpportunity', reason: expect.stringMatching(/^was imported before with other values/) },
    ]);
  });

  it('says which commands of a rejected row are recorded; the next run adds what was missing', async () => {
    const rows = 'deal,customer,price,opened,note\na,Anna,1,2021-01-04,PRICE\nb,Anna,1,2021-01-04,OTHER\n';
    const folder = folderOf('part', CUSTOMERS.replaceAll('.example', '.part.example'), rows);
    const text = mapping('part')
      .replace('when: { note: lost }', 'when: { note: { filled: true } }')
      .replace('reason: PRICE', "reason: '={note}'");
    const open = { line: 3, command: 'LoseOpportunity', recorded: ['OpenOpportunity'] };
    for (const fresh of [1, 0]) {
      const { summaries, rejects } = await imported('part', folder, text);
      expect(summaries[1]).toMatchObject({
        read: 2,
        imported: fresh,
        unchanged: 1 - fresh,
        rejected: 1,
        rejectedInPart: 1,
        skipped: 0,
      });
      expect(rejects).toEqual([expect.objectContaining(open)]);
    }
    writeFileSync(path.join(folder, 'deals.csv'), rows.replace('OTHER', 'TIMING'));
    const { summaries, rejects } = await imported('part', folder, text);
    expect(summaries[1]).toMatchObject({ read: 2, imported: 1, unchanged: 1, rejected: 0, rejectedInPart: 0, commands: 1 });
    expect(rejects).toEqual([]);
  });

  it('never writes a personal value into the rejects', async () => {
    const folder = folderOf(
      'secret',
      'name,mail,segment\nCarl,not-an-address,retail\nAnna,anna@a.example,x\n',
      'deal,customer,price,opened,note\n',
    );
    const { rejects } = await imported('secret', folder);
    expect(rejects).toMatchObject([
      { line: 2, field: 'mail' },
      { line: 3, command: 'RegisterCustomer' },
    ]);
    expect(JSON.stringify(rejects)).not.toMatch(/not-an-address|anna@a\.example|Carl/);
  });

  it('refuses a file in the wrong encoding row by row, and one without its columns as a whole', async () => {
    const deals = Buffer.concat([
      Buffer.from('deal,customer,price,opened,note\nä,Anna,1,2021-01-04,\n', 'latin1'),
      Buffer.from('b,Anna,1,2021-01-04,\n'),
    ]);
    const folder = folderOf('encoding', CUSTOMERS.replaceAll('.example', '.encoding.example'), deals);
    const { summaries, rejects } = await imported('encoding', folder);
    expect(summaries.map(counts)[1]).toMatchObject({ read: 2, imported: 1, rejected: 1 });
    expect(rejects[0]).toMatchObject({ line: 2, reason: expect.stringContaining('is not UTF-8') });
    writeFileSync(path.join(folder, 'deals.csv'), 'deal;customer;price\n');
    await expect(imported('encoding', folder)).rejects.toThrow('its header lacks deal, customer, price, opened, note');
  });

  it('says in words which file is none, and which has line ends of its own, before anything is sent', async () => {
    const folder = folderOf('files', CUSTOMERS.replaceAll('\n', '\r'), 'deal,customer,price,opened,note\n');
    await expect(imported('files', folder)).rejects.toThrow(/customers\.csv ends its lines with CR alone/);
    await expect(imported('files', path.join(folder, 'deals.csv'))).rejects.toThrow(/--rejects: cannot write .* no folder/);
    const rejects = new RejectsFile(path.join(folder, 'r.ndjson'));
    const plan = planOf(mappingFrom(mapping('files'), 'files'), 'files', definitions());
    const from = (source: string) => runImport(plan, { folder: source, client, rejects });
    await expect(from(path.join(folder, 'none'))).rejects.toThrow(
      /cannot read .*customers\.csv: it does not exist; --source names/,
    );
    mkdirSync(path.join(root, 'folders', 'customers.csv'), { recursive: true });
    await expect(from(path.join(root, 'folders'))).rejects.toThrow(/customers\.csv: it is a folder/);
    expect(() => new RejectsFile(folder)).toThrow(/--rejects: cannot write .*: it is a folder/);
    expect(() => new RejectsFile(path.join(folder, 'no', 'r.ndjson'))).toThrow(/the folder .* does not exist/);
  });

  it('stays small with a line of 100 MB', async () => {
    const folder = folderOf('long', CUSTOMERS.replaceAll('.example', '.long.example'), '');
    const file = createWriteStream(path.join(folder, 'deals.csv'));
    file.write('deal,customer,price,opened,note\n1,Anna,1,2021-01-04,');
    const block = 'x'.repeat(1024 * 1024);
    for (let count = 0; count < 100; count++) if (!file.write(block)) await once(file, 'drain');
    file.end('\n2,Anna,1,2021-01-04,\n');
    await once(file, 'finish');
    const before = process.memoryUsage().rss;
    const { summaries, rejects } = await imported('long', folder);
    expect(summaries.map(counts)[1]).toMatchObject({ read: 2, imported: 1, rejected: 1 });
    expect(rejects[0]?.line).toBe(2);
    expect(process.memoryUsage().rss - before).toBeLessThan(80 * 1024 * 1024);
  });

  it('goes on where it was after a kill, by running again', async () => {
    const rows = Array.from({ length: ROWS }, (_, index) => `${index},Anna,${index + 1},2021-01-04,${index % 2 ? 'lost' : ''}`);
    const folder = folderOf(
      'kill',
      CUSTOMERS.replaceAll('.example', '.kill.example'),
      `deal,customer,price,opened,note\n${rows.join('\n')}\n`,
    );
    writeFileSync(path.join(folder, 'mapping.yml'), mapping('kill'));
    const lostBefore = await lost();
    const start = await head();
    const args = [
      'dist/apps/cli/main.js',
      'import',
      '--mapping',
      path.join(folder, 'mapping.yml'),
      '--source',
      folder,
      '--json',
      '--url',
      server.url,
      '--token-file',
      server.adminTokenFile,
    ];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    const ended = once(child, 'exit');
    await moved(start, Math.floor(ROWS / 3));
    child.kill('SIGKILL');
    await ended;
    expect(said).toBe('');
    const { summaries } = await imported('kill', folder);
    const deals = summaries[1];
    expect(deals && { ...counts(deals), imported: deals.imported + deals.unchanged, unchanged: 0 }).toEqual({
      read: ROWS,
      imported: ROWS,
      unchanged: 0,
      rejected: 0,
      skipped: 0,
    });
    expect(deals?.unchanged).toBeGreaterThan(0);
    expect(await lost()).toBe(lostBefore + ROWS / 2);
  }, 120_000);
});

const annals = async (...args: readonly string[]) => {
  let out = '';
  let notes = '';
  const terminal = { out: (text: string) => (out += text), note: (text: string) => (notes += text), env, isInteractive: false };
  const code = await run(args, terminal);
  return { code, out, notes };
};

describe('the command line on a running server', () => {
  it('finds the server by its data folder and answers in the documented shape', async () => {
    const { code, out } = await annals('query', 'pipeline', '--group', 'status', '--as-of', '2020-12-31', '--json');
    expect([code, out]).toEqual([0, '{"groups":[]}\n']);
    const { out: later } = await annals(
      'query',
      'pipeline',
      '--group',
      'phase',
      '--as-of',
      '2021-01-04',
      '--json',
      '--filter',
      'amount=1050',
    );
    expect(later).toBe('{"groups":[{"phase":"PROSPECTING","currency":"EUR","count":1,"amount":1050}]}\n');
  });

  it('sends commands, once for each key, and says why not', async () => {
    const open = ['send', 'open-opportunity', '--amount', '100', '--currency', 'EUR', '--key', 'cli-1', '--json'];
    const first = JSON.parse((await annals(...open)).out) as { id: string; outcome: string };
    expect((JSON.parse((await annals(...open)).out) as { id: string }).id).toBe(first.id);
    const won = await annals('send', 'win-opportunity', '--opportunity-id', first.id, '--if-revision', '7');
    expect([won.code, won.notes.includes('412')]).toEqual([1, true]);
    const bad = await annals('send', 'open-opportunity', '--amount', '100', '--currency', 'XXXX', '--json');
    expect([bad.code, (JSON.parse(bad.out) as { problem: { status: number } }).problem.status]).toEqual([1, 400]);
    expect((await annals('send', 'open-opportunity', '--amount', 'ten')).code).toBe(2);
  });

  it('issues, lists and revokes tokens; the secret is in a file of mode 0600', async () => {
    const file = path.join(root, 'reports.token');
    const { tokenId } = JSON.parse(
      (await annals('tokens', 'issue', '--label', 'reports', '--roles', 'analyst', '--out', file, '--json')).out,
    ) as { tokenId: string };
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await annals('query', 'pipeline', '--group', 'status', '--token-file', file)).code).toBe(0);
    expect((await annals('send', 'open-opportunity', '--amount', '1', '--currency', 'EUR', '--token-file', file)).code).toBe(1);
    expect((await annals('tokens', 'list')).out).toContain(tokenId);
    expect((await annals('tokens', 'revoke', tokenId)).code).toBe(0);
    expect((await annals('query', 'pipeline', '--token-file', file)).code).toBe(1);
    expect((await annals('tokens', 'issue', '--label', 'x', '--roles', 'king')).code).toBe(2);
  });

  it('replays facts as NDJSON, rebuilds a view, and finds nothing wrong', async () => {
    const lines = (await annals('replay', '--type', 'OpportunityLost', '--limit', '5')).out.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual(
      Array.from({ length: 5 }, () => 'OpportunityLost'),
    );
    const rebuilt = await annals('rebuild', 'pipeline', '--json');
    expect([rebuilt.code, (JSON.parse(rebuilt.out.trim().split('\n').at(-1) ?? '{}') as { state: string }).state]).toEqual([
      0,
      'identical',
    ]);
    const doctor = await annals('doctor', '--json');
    expect(
      (JSON.parse(doctor.out) as { findings: readonly { state: string }[] }).findings.filter(({ state }) => state === 'problem'),
    ).toEqual([]);
  });

  it('ends with 4 when rows were rejected', async () => {
    const folder = folderOf(
      'four',
      CUSTOMERS.replaceAll('.example', '.four.example'),
      'deal,customer,price,opened,note\na,Anna,x,2021-01-04,\n',
    );
    writeFileSync(path.join(folder, 'mapping.yml'), mapping('four'));
    const args = [
      'import',
      '--mapping',
      path.join(folder, 'mapping.yml'),
      '--source',
      folder,
      '--rejects',
      path.join(folder, 'r.ndjson'),
    ];
    expect((await annals(...args, '--dry-run')).code).toBe(4);
    const { code, out } = await annals(...args);
    expect(code).toBe(4);
    expect(out).toContain(path.join(folder, 'r.ndjson'));
  });
});

describe('an import of history from before its clock', () => {
  it('takes late rows of a thing that would have stalled since; the clock speaks when the import is complete', async () => {
    const day = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
    const folder = path.join(root, 'stalling');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'deals.csv'), `deal,opened\nmoved,${day(90)}\nstill,${day(90)}\n`);
    writeFileSync(path.join(folder, 'moves.csv'), `deal,moved\nmoved,nonsense\n`);
    writeFileSync(
      path.join(folder, 'mapping.yml'),
      `mapping: stalling
cutOver: ${day(100)}T00:00:00.000Z
sources:
  deals:
    file: deals.csv
    columns: [deal, opened]
    identity: [deal]
    defines: deal
    steps:
      - command: OpenOpportunity
        at: =moment({opened!}, '12:00')
        payload: { opportunityId: '=id(deal, {deal})', amount: 1, currency: EUR }
  moves:
    file: moves.csv
    columns: [deal, moved]
    identity: [deal]
    steps:
      - command: AdvanceOpportunity
        at: =moment({moved!}, '12:00')
        payload: { opportunityId: '=ref(deal, {deal})', to: PROPOSAL }
`,
    );
    const imports = (...more: string[]) =>
      annals('import', '--mapping', path.join(folder, 'mapping.yml'), '--source', folder, '--rejects', `${folder}/r`, ...more);
    const stalled = async () => {
      const page = await client.get<{ facts: readonly { occurredAt: string }[] }>('/v1/facts', { type: 'OpportunityStalled' });
      return page.facts.map(({ occurredAt }) => occurredAt.slice(0, 10));
    };
    expect((await imports('--more-follows')).code).toBe(4);
    await eventually(async () => {
      const { readers } = (await (await client.raw('/health/ready')).json()) as {
        readers: readonly { kind: string; lagFacts: number }[];
      };
      return readers.every(({ kind, lagFacts }) => kind !== 'process' || lagFacts === 0) ? true : undefined;
    }, 60_000);
    expect(await stalled()).toEqual([]);
    expect((await annals('clock', 'show')).out).toContain('waits for the end of: stalling');
    // the row was rejected; corrected, it lies before the day on which its deal would have stalled
    writeFileSync(path.join(folder, 'moves.csv'), `deal,moved\nmoved,${day(70)}\n`);
    expect((await imports()).code).toBe(0);
    await eventually(async () => ((await stalled()).length === 2 ? true : undefined), 60_000);
    expect((await stalled()).sort()).toEqual([day(60), day(40)]);
  }, 180_000);
});

async function head(): Promise<string> {
  return ((await (await client.raw('/health/ready')).json()) as { head: string }).head;
}

/** Waits until the log has grown by so many facts. */
async function moved(from: string, facts: number): Promise<void> {
  let after = from;
  for (let seen = 0; seen < facts; ) {
    const page = await client.get<{ facts: readonly unknown[]; position: string }>('/v1/facts', { after });
    seen += page.facts.length;
    after = page.position;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
