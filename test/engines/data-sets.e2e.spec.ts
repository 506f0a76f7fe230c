import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { settled } from '../../bench/support/server-process.js';
import { engineSettings, onDistributedEngines } from '../support/engines.js';
import { temporaryFolder } from '../support/house.js';
import { type ServerProcess, startServer } from '../support/server.js';

/** Made up, in the shape of the public data sets. */
const FILES: Readonly<Record<string, string>> = {
  'accounts.csv': 'account,sector,year_established\nAlpha,technolgy,1996\nBeta,retail,2001\n',
  'products.csv': 'product,series,sales_price\nGTX Basic,GTX,550\nGTX Pro,GTX,4821\n',
  'sales_teams.csv': 'sales_agent,manager,regional_office\nAgent One,Manager One,East\n',
  'sales_pipeline.csv': `opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
O1,Agent One,GTX Basic,Alpha,Won,2016-10-20,2017-03-01,500
O2,Agent One,GTXPro,Beta,Lost,2016-10-21,2017-03-02,0
O3,Agent One,GTX Basic,,Engaging,2016-11-01,,
O4,Agent One,GTXPro,Alpha,Prospecting,,,
`,
  'telco.csv': `customerID,SeniorCitizen,tenure,Contract,MonthlyCharges,Churn
0001-AAAAA,0,12,Month-to-month,29.85,No
0002-BBBBB,1,3,One year,56.95,Yes
`,
  'CDNOW_sample.txt': ` 00001 0001 19970101  2   29.33
 00001 0001 19970118  2   29.73
 00002 0002 19970101  1   14.96
`,
  'ocel_order_simulated.csv': `ocel:eid,ocel:activity,ocel:timestamp,ocel:type:items,ocel:type:orders,ocel:type:packages,price
1.0,place order,2019-05-20 07:00:00.000Z,"['880001','880002']","['990001']", ,100.50
2.0,item out of stock,2019-05-20 08:00:00.000Z,"['880001']", , ,50.00
3.0,confirm order,2019-05-20 09:00:00.000Z, ,"['990001']", ,100.50
4.0,pick item,2019-05-20 10:00:00.000Z,"['880001']", , ,50.00
5.0,pick item,2019-05-20 11:00:00.000Z,"['880002']", , ,50.50
6.0,create package,2019-05-20 12:00:00.000Z,"['880001','880002']", ,"['660001']",100.50
7.0,send package,2019-05-20 13:00:00.000Z, , ,"['660001']",100.50
8.0,package delivered,2019-05-21 09:00:00.000Z, , ,"['660001']",100.50
9.0,pay order,2019-05-22 09:00:00.000Z, ,"['990001']", ,100.50
`,
};

const described = onDistributedEngines ? describe : describe.skip;

described('the data sets with a mapping, on the distributed engines', () => {
  const root = temporaryFolder();
  const files = join(root, 'files');
  let server: ServerProcess;

  beforeAll(async () => {
    mkdirSync(files);
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(files, name), text);
    server = await startServer(join(root, 'server'));
  }, 120_000);
  afterAll(() => server?.stop());

  /** Runs a built program as its user would, with nothing of ours in its environment but what is given. */
  async function ran(program: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ANNALS_')));
    const child = spawn(process.execPath, [program, ...args], { env: { ...own, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let errors = '';
    child.stdout.on('data', (text) => (out += text));
    child.stderr.on('data', (text) => (errors += text));
    const [code] = (await once(child, 'close')) as [number];
    return { code, out, errors };
  }

  interface Summary {
    readonly source: string;
    readonly imported: number;
    readonly unchanged: number;
    readonly rejected: number;
    readonly commands: number;
  }
  async function imported(mapping: string): Promise<readonly Summary[]> {
    const args = ['import', '--mapping', `mappings/${mapping}.yml`, '--source', files, '--json'];
    const env = { ANNALS_URL: server.url, ANNALS_TOKEN: server.token };
    const rejects = ['--rejects', join(root, `${mapping}.ndjson`)];
    const { code, out, errors } = await ran('dist/apps/cli/main.js', [...args, ...rejects], env);
    expect([code, errors]).toEqual([0, '']);
    return (JSON.parse(out) as { sources: readonly Summary[] }).sources;
  }
  const sum = (summaries: readonly Summary[], of: 'imported' | 'unchanged' | 'rejected' | 'commands') =>
    summaries.reduce((total, summary) => total + summary[of], 0);
  const head = async () => ((await server.get('/health/ready')) as { head: string }).head;

  it.each([
    ['maven-sales', 9, 13],
    ['telco-churn', 2, 5],
    ['cdnow', 8, 8],
    ['order-log', 10, 11],
  ])('%s goes in once: run again it changes nothing', async (mapping, rows, commands) => {
    const first = await imported(mapping);
    expect([sum(first, 'imported'), sum(first, 'commands'), sum(first, 'rejected')]).toEqual([rows, commands, 0]);
    // what processes do about it comes behind the import
    await settled(server, 60_000);
    const before = await head();
    const again = await imported(mapping);
    expect([sum(again, 'imported'), sum(again, 'unchanged'), sum(again, 'commands')]).toEqual([0, rows, 0]);
    expect(await head()).toBe(before);
  });

  it('are played by npm run demo, which refuses engines that hold something already', async () => {
    const env = { ...(await engineSettings(join(root, 'demo'))), TMPDIR: root };
    const demo = () => ran('dist/apps/demo/main.js', ['--maven', files, '--exit', '--port', '17070'], env);
    const shown = await demo();
    expect([shown.code, shown.errors.match(/\bat .*\.js/)]).toEqual([0, null]);
    expect(shown.out).toMatch(/The pipeline today, and at the end of 2017-03-31/);
    expect(shown.out).toMatch(/^Won +1 +500\.00 USD +1 +500\.00 USD$/m);
    expect(shown.out).toMatch(/^Engaging +1 +550\.00 USD +1 +550\.00 USD$/m);
    const again = await demo();
    expect([again.code, again.errors]).toEqual([1, expect.stringContaining('ANNALS_MONGODB_DATABASE')]);
  });
});
