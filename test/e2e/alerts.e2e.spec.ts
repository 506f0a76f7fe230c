import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { contexts } from '#contexts';
import { process as automation, derivedId, type Recorded, type Step, send } from '#kernel';
import { type Annals, type Caller, LogUnavailable, registryOf, systemContext } from '#runtime';
import { startWeb, type Web } from '#web';
import { openAnnals } from '../../apps/server/compose.js';
import { openLog } from '../../apps/server/engines.js';
import { Database } from '../../libs/adapters/sqlite/database.js';
import { logFileIn } from '../../libs/adapters/sqlite/index.js';
import { AssignOwner } from '../../libs/contexts/customers/customer/commands.js';
import { CustomerRegistered } from '../../libs/contexts/customers/customer/events.js';
import { describeEmbedded, testEngines } from '../support/engines.js';
import { type Core, openCore } from '../support/faulty-log.js';
import { eventually, openHouse, temporaryFolder } from '../support/house.js';
import { evaluate, type Sample, samplesIn } from '../support/prometheus.js';
import { Receiver } from '../support/receiver.js';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string; readonly runbook: string };
}
const { groups } = parse(readFileSync('infra/alerts/annals.yml', 'utf8')) as { groups: readonly { rules: readonly Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const fired = new Set<string>();

const open: { close(milliseconds?: number): Promise<void> }[] = [];
afterEach(async () => {
  Date.now = now;
  for (const one of open.splice(0).reverse()) await one.close(1000);
});
const now = Date.now;
/** The clock of the health check moves; everything else goes on as it is. */
const later = (seconds: number) => {
  Date.now = () => now() + seconds * 1000;
};

async function watched(
  annals: Annals & { close(milliseconds?: number): Promise<void> },
): Promise<() => Promise<readonly Sample[]>> {
  open.push(annals);
  const web: Web = await startWeb(annals, { port: 0 });
  open.push(web);
  return async () => samplesIn(await (await fetch(`${web.url}/metrics`)).text()).samples;
}

/** Names of the rules that hold on these scrapes, without waiting for their `for`. */
const around =
  (disk: { freeBytes: number; sizeBytes: number }, { backsUp = true } = {}) =>
  async () => ({ version: '0', disk, lastBackupAt: undefined, backsUp });

function firing(...scrapes: readonly (readonly Sample[])[]): readonly string[] {
  const names = rules.filter(({ expr }) => evaluate(expr, scrapes, Date.now() / 1000).length > 0).map(({ alert }) => alert);
  for (const name of names) fired.add(name);
  return names;
}

const customer = { kind: 'ORGANISATION', name: 'Acme' };
const welcoming = (react: () => readonly Step[]) =>
  registryOf([
    systemContext,
    ...contexts,
    {
      name: 'specification',
      description: 'A process that fails.',
      processes: [
        automation({
          name: 'welcoming',
          description: 'Prefers a carrier for a new customer.',
          capabilities: [],
          startsFrom: 'zero',
          facts: { CustomerRegistered },
          react: { CustomerRegistered: (_: Recorded) => react() },
        }),
      ],
    },
  ]);

describeEmbedded('the alert rules', () => {
  it('are silent on a server that is well, once it was backed up', async () => {
    const folder = temporaryFolder();
    const house = await openHouse({ folder });
    const scrape = await watched(house);
    await house.send('RegisterCustomer', customer);
    expect(firing(await scrape())).toContain('AnnalsBackupAge');
    await house.backup({ folder: join(folder, 'backup'), keysFolder: join(folder, 'backup-keys') });
    await house.document('customer360', derivedId('nobody'));
    const before = await scrape();
    expect(firing(before, await scrape()).filter((name) => name !== 'AnnalsDiskFull')).toEqual([]);
    later(27 * 3600);
    expect(firing(await scrape())).toContain('AnnalsBackupAge');
  }, 60_000);

  it('fire for views that stand still while the log moves; commands are taken all the same', async () => {
    const folder = temporaryFolder();
    await (await openHouse({ folder })).close();
    const options = { data: join(folder, 'data'), secrets: join(folder, 'secrets'), backdateDays: 30, writesViews: false };
    const house = await openAnnals(options);
    const caller = (await house.access.authenticate(readFileSync(house.adminTokenFile, 'utf8').trim())) as Caller;
    await house.commands.execute({ caller, command: 'RegisterCustomer', payload: customer });
    const scrape = await watched(house);
    await scrape();
    later(120);
    const firingNow = firing(await scrape());
    expect(firingNow).toEqual(expect.arrayContaining(['AnnalsViewLag', 'AnnalsReaderStalled']));
    expect(firingNow).not.toContain('AnnalsNotReady');
    // what a balancer asks: it must not take away commands, which need no view
    const ready = await fetch(`${(open.at(-1) as Web).url}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      expect.objectContaining({ ready: true, readers: expect.arrayContaining([expect.objectContaining({ stalled: true })]) }),
    ]);
  }, 60_000);

  it('fire for a log that does not answer', async () => {
    const core = await openCore(temporaryFolder());
    const scrape = await watched(core);
    const firingBefore = firing(await scrape());
    core.log.plan = () => 'dead';
    await expect(core.send('RegisterCustomer', customer)).rejects.toMatchObject({ status: 503 });
    const ready = await fetch(`${(open.at(-1) as Web).url}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      expect.objectContaining({ ready: false, failure: expect.any(String) }),
    ]);
    expect([firingBefore.includes('AnnalsNotReady'), firing(await scrape()).includes('AnnalsNotReady')]).toEqual([false, true]);
  }, 60_000);

  it('fire for a fact that a view could not fold', async () => {
    const folder = temporaryFolder();
    const opportunityId = derivedId('poisoned');
    const first = await openHouse({ folder });
    await first.send('OpenOpportunity', { opportunityId, amount: 100, currency: 'EUR' });
    await first.close();
    const log = await openLog(await testEngines(join(folder, 'data')));
    const moment = new Date().toISOString();
    const actor = { kind: 'user', id: 'newer server' };
    await log.append(`opportunity-main.${opportunityId}`, 0, [
      {
        id: crypto.randomUUID(),
        type: 'OpportunityAssigned',
        schemaVersion: 99,
        occurredAt: moment,
        recordedAt: moment,
        data: JSON.stringify({ opportunityId, unknownShape: true }),
        metadata: JSON.stringify({ actor, commandId: crypto.randomUUID(), refs: { opportunity: opportunityId } }),
      },
    ]);
    await log.close();
    const house = await openHouse({ folder });
    const scrape = await watched(house);
    await eventually(async () => (firing(await scrape()).includes('AnnalsParkedFacts') ? true : undefined));
  }, 60_000);

  it('fire for streams that a process could not take', async () => {
    const registry = welcoming(() => {
      throw new TypeError('A bug.');
    });
    const core = await openCore(temporaryFolder(), { runsProcesses: true, registry });
    const scrape = await watched(core);
    await core.send('RegisterCustomer', customer);
    await eventually(async () => (firing(await scrape()).includes('AnnalsProcessStreamsParked') ? true : undefined));
  }, 60_000);

  it('fire for runs that a refused command stopped', async () => {
    const core = await openCore(temporaryFolder(), {
      runsProcesses: true,
      registry: welcoming(() => [send(AssignOwner, { customerId: derivedId('nobody'), ownerId: derivedId('somebody') })]),
    });
    const scrape = await watched(core);
    await core.send('RegisterCustomer', customer);
    await eventually(async () => (firing(await scrape()).includes('AnnalsProcessRunsStopped') ? true : undefined));
    const series = (await scrape()).filter(({ name, value }) => name === 'annals_process_stopped_runs' && value > 0);
    expect(series).toMatchObject([{ labels: { process: 'welcoming' }, value: 1 }]);
  }, 60_000);

  it('fire for a process that does not get on', async () => {
    const registry = welcoming(() => {
      throw new LogUnavailable('The log does not answer.');
    });
    const core = await openCore(temporaryFolder(), { runsProcesses: true, registry });
    const scrape = await watched(core);
    await core.send('RegisterCustomer', customer);
    await eventually(async () => (core.faults.length > 0 ? true : undefined));
    await scrape();
    later(120);
    expect(firing(await scrape())).toContain('AnnalsProcessLag');
  }, 60_000);

  it('fire for topics that cannot be reached', async () => {
    const core = await openCore(temporaryFolder(), {
      topics: () => Promise.reject(new Error('No broker answers.')),
    });
    const scrape = await watched(core);
    await core.send('RegisterCustomer', customer);
    await scrape();
    later(120);
    expect(firing(await scrape())).toContain('AnnalsRelayLag');
  }, 60_000);

  it('fire for a receiver that takes nothing, which is late and does not stand still, until it takes all', async () => {
    const receiver = await Receiver.start();
    try {
      const house = await openHouse({ webhooks: { toPrivate: true, attempts: 1_000, firstPause: 20 } });
      const scrape = await watched(house);
      const ofWebhooks = async () => (await scrape()).filter(({ labels }) => labels.reader === 'webhook-deliveries');
      const failing = async () => (await scrape()).find(({ name }) => name === 'annals_failing_webhooks')?.value;
      receiver.answer = () => ({ status: 503 });
      await house.send('SubscribeWebhook', { address: `${receiver.url}/hook` });
      await house.send('OpenOpportunity', { amount: 1, currency: 'EUR' });
      await eventually(async () => ((await failing()) === 1 ? true : undefined));
      expect(firing(await scrape())).not.toContain('AnnalsWebhookLag');
      later(400);
      const names = firing(await scrape());
      expect([names.includes('AnnalsWebhookLag'), names.includes('AnnalsReaderStalled')]).toEqual([true, false]);
      const series = await ofWebhooks();
      expect(series.length).toBe(4);
      for (const { labels } of series) expect(labels).toEqual({ reader: 'webhook-deliveries', kind: 'webhook' });
      const ready = (await (await fetch(`${(open.at(-1) as Web).url}/health/ready`)).json()) as { readonly readers: object[] };
      expect(ready).toMatchObject({ ready: true, webhooks: { failing: 1, parked: 0 } });
      expect(ready.readers).toContainEqual(
        expect.objectContaining({ name: 'webhook-deliveries', kind: 'webhook', stalled: false }),
      );
      receiver.answer = () => ({ status: 200 });
      const lag = async () => (await ofWebhooks()).find(({ name }) => name === 'annals_reader_lag_facts')?.value;
      await eventually(async () => ((await lag()) === 0 && (await failing()) === 0 ? true : undefined));
      expect(firing(await scrape())).not.toContain('AnnalsWebhookLag');
    } finally {
      receiver.close();
    }
  }, 60_000);

  it('fire for streams that a webhook sets aside, then parks, and for a webhook that is parked as a whole', async () => {
    const receiver = await Receiver.start();
    try {
      const house = await openHouse({ webhooks: { toPrivate: true, attempts: 8, firstPause: 20 } });
      const scrape = await watched(house);
      const fires = (alert: string) => eventually(async () => (firing(await scrape()).includes(alert) ? true : undefined));
      receiver.answer = ({ event }) => ({ status: event.data.amount === 1 ? 422 : 200 });
      await house.send('SubscribeWebhook', { address: `${receiver.url}/hook` });
      expect(firing(await scrape()).filter((alert) => alert.startsWith('AnnalsWebhook'))).toEqual([]);
      for (const amount of [1, 2]) await house.send('OpenOpportunity', { amount, currency: 'EUR' });
      await fires('AnnalsWebhookStreamsAside');
      await fires('AnnalsWebhookStreamsParked');
      receiver.answer = () => ({ status: 410 });
      await house.send('OpenOpportunity', { amount: 3, currency: 'EUR' });
      await fires('AnnalsWebhookParked');
    } finally {
      receiver.close();
    }
  }, 60_000);

  it('fire for commands of which nobody knows whether they were written', async () => {
    const core: Core = await openCore(temporaryFolder());
    const scrape = await watched(core);
    let text = '';
    await core.firstToken((token) => {
      text = token;
    });
    const before = await scrape();
    core.log.plan = (stream) => (stream.startsWith('customer-') ? 'lost' : undefined);
    const web = open.at(-1) as Web;
    const answer = await fetch(`${web.url}/v1/customers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${text}`, 'content-type': 'application/json' },
      body: JSON.stringify(customer),
    });
    expect(answer.status).toBe(503);
    expect(firing(before, await scrape())).toContain('AnnalsOutcomeUnknown');
  }, 60_000);

  it('fire for a disk that is nearly full', async () => {
    // the one state that is told to the server and not brought about: filling a disk needs a mount of one's own
    const scrape = await watched(await openCore(temporaryFolder(), { surroundings: around({ freeBytes: 9, sizeBytes: 100 }) }));
    expect(firing(await scrape())).toContain('AnnalsDiskFull');
  }, 60_000);

  it('fire for a log that somebody changed', async () => {
    const folder = temporaryFolder();
    const house = await openHouse({ folder, headsMinutes: 0 });
    for (let number = 0; number < 260; number++) await house.send('RegisterCustomer', customer);
    await house.history.head('main');
    await house.close();
    const database = new Database(logFileIn(join(folder, 'data')), { durability: 'full' });
    database.sql("UPDATE facts SET data = replace(data, 'ORGANISATION', 'PERSON') WHERE position = 9").run();
    database.close();
    const changed = await openHouse({ folder, headsMinutes: 0.001, onError: () => {} });
    const scrape = await watched(changed);
    await eventually(async () => (firing(await scrape()).includes('AnnalsHistoryChanged') ? true : undefined));
  }, 60_000);

  it('do not fire for backups that are taken with the tools of the engines', async () => {
    const surroundings = around({ freeBytes: 90, sizeBytes: 100 }, { backsUp: false });
    const scrape = await watched(await openCore(temporaryFolder(), { surroundings }));
    expect(firing(await scrape())).not.toContain('AnnalsBackupAge');
  }, 60_000);

  it('fire for a key store that does not answer', async () => {
    const core = await openCore(temporaryFolder());
    const scrape = await watched(core);
    await core.keys.close();
    const samples = await scrape();
    expect(firing(samples)).toContain('AnnalsEngineUnreachable');
    expect(samples.find(({ labels }) => labels.engine === 'keys')?.value).toBe(0);
    expect(samples.find(({ labels }) => labels.engine === 'log')?.value).toBe(1);
  }, 60_000);

  it('have each been seen to fire, and have a runbook', () => {
    expect([...fired].sort()).toEqual(rules.map(({ alert }) => alert).sort());
    for (const { annotations } of rules)
      expect([annotations.runbook, existsSync(annotations.runbook)]).toEqual([annotations.runbook, true]);
  });
});

describe('the metrics', () => {
  it('tell how long queries took, by view and by what was asked for', async () => {
    const house = await openHouse();
    open.push(house);
    const web = await startWeb(house, { port: 0 });
    open.push(web);
    const headers = { authorization: `Bearer ${readFileSync(house.adminTokenFile, 'utf8').trim()}` };
    for (const query of ['customer360', 'customer360', `customer360/${derivedId('nobody')}`, 'pipeline?group=status'])
      await fetch(`${web.url}/v1/views/${query}`, { headers });
    const { samples } = samplesIn(await (await fetch(`${web.url}/metrics`)).text());
    const count = (view: string, kind: string) =>
      samples.find(
        ({ name, labels }) => name === 'annals_query_duration_seconds_count' && labels.view === view && labels.kind === kind,
      )?.value;
    expect([count('customer360', 'list'), count('customer360', 'document'), count('pipeline', 'totals')]).toEqual([2, 1, 1]);
  }, 60_000);

  it('have help and a unit in the name of each series, and no series twice', async () => {
    const house = await openHouse();
    open.push(house);
    const web = await startWeb(house, { port: 0 });
    open.push(web);
    const text = await (await fetch(`${web.url}/metrics`)).text();
    const { samples, help, types } = samplesIn(text);
    const ours = [...types].filter(([name]) => name.startsWith('annals_'));
    expect(ours.length).toBeGreaterThan(12);
    for (const [name, type] of types) {
      expect([name, (help.get(name) ?? '').length > 10]).toEqual([name, true]);
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      if (type === 'counter' && name.startsWith('annals_')) expect(name).toMatch(/_total$/);
      if (type !== 'counter' && name.startsWith('annals_')) expect(name).not.toMatch(/_total$/);
      expect(name).not.toMatch(/milliseconds|minutes|kilobytes|percent/);
    }
    const units = /_(seconds|bytes|facts|total|streams|runs|info|ready|stalled|reachable|changed|webhooks)$/;
    for (const [name] of ours) expect(name).toMatch(units);
    const seen = samples.map(({ name, labels }) => `${name}${JSON.stringify(labels)}`);
    expect(new Set(seen).size).toBe(seen.length);
    for (const { name } of samples) expect([...types.keys()].some((series) => name.startsWith(series))).toBe(true);
  }, 60_000);
});
