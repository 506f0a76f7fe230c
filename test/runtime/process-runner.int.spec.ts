import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openSqliteKeys, openSqliteLog, openSqliteViews } from '#adapters/sqlite';
import { contexts } from '#contexts';
import { type AnyProcess, at, derivedId, process, type Recorded, type Role, roles, send } from '#kernel';
import { LogUnavailable, type Registry, registryOf, systemContext, type ViewStore } from '#runtime';
import { CommandPipeline } from '#runtime/commands/pipeline';
import { ProcessRunner } from '#runtime/processes/runner';
import { stateFileIn, viewsFileIn } from '../../apps/server/layout.js';
import { AssignOwner, SetShipmentPreference } from '../../libs/contexts/customers/customer/commands.js';
import {
  CustomerRegistered,
  OwnerAssigned,
  OwnershipTransferred,
  ShipmentPreferenceSet,
} from '../../libs/contexts/customers/customer/events.js';
import { type Core, caller, FaultyLog, MASTER_KEY, openCore } from '../support/faulty-log.js';
import { eventually, openHouse, temporaryFolder } from '../support/house.js';

const open = new Set<{ close(milliseconds?: number): Promise<void> }>();
const kept = <T extends { close(milliseconds?: number): Promise<void> }>(thing: T): T => {
  open.add(thing);
  return thing;
};
const closed = async (thing: Core) => {
  open.delete(thing);
  await thing.close(1_000);
};
/** However a specification ends, it leaves nothing open. */
afterEach(async () => {
  for (const thing of open) await thing.close(1_000);
  open.clear();
});

const registryWith = (...processes: AnyProcess[]): Registry =>
  registryOf([systemContext, ...contexts, { name: 'specification', description: 'Processes.', processes }]);
const register = async (core: Core, name: string) => (await core.send('RegisterCustomer', { kind: 'ORGANISATION', name })).id;
const factsOf = async (core: Core, customerId: string) =>
  (await core.facts.page({ tenant: 'main', stream: `customer-main.${customerId}`, limit: 100 })).facts as Recorded<
    Record<string, unknown>
  >[];
const carriersOf = async (core: Core, customerId: string) =>
  (await factsOf(core, customerId)).flatMap(({ data: { carrier } }) => (typeof carrier === 'string' ? [carrier] : []));

describe('timers', () => {
  it('of one stream fire one after another as they are due, even where the first has to be tried again', async () => {
    const shipping = process({
      name: 'shipping',
      description: 'Prefers one carrier, then another.',
      capabilities: [],
      startsFrom: 'zero',
      facts: { CustomerRegistered },
      react: {
        CustomerRegistered: ({ data: { customerId }, occurredAt }) => [
          at('2999-01-01T00:00:00.000Z', send(SetShipmentPreference, { customerId, carrier: 'NEVER' })),
          at(later(occurredAt, 2), send(SetShipmentPreference, { customerId, carrier: 'SECOND' })),
          at(later(occurredAt, 1), send(SetShipmentPreference, { customerId, carrier: 'FIRST' })),
        ],
      },
    });
    const core = kept(await openCore(temporaryFolder(), { runsProcesses: true, registry: registryWith(shipping) }));
    let appends = 0;
    core.log.plan = (stream) => (stream.startsWith('customer-') && ++appends === 2 ? 'unavailable' : undefined);
    const customerId = await register(core, 'Acme');
    const carriers = await eventually(async () => {
      const found = await carriersOf(core, customerId);
      return found.length === 2 ? found : undefined;
    });
    expect(carriers).toEqual(['FIRST', 'SECOND']);
    expect(core.faults).toMatchObject([{ code: 'log-unavailable' }]);
  });

  it('that fail for good do not hold up those due after them, however many they are', async () => {
    const shipping = process({
      name: 'shipping',
      description: 'Prefers a carrier.',
      capabilities: [],
      startsFrom: 'zero',
      facts: { CustomerRegistered },
      react: {
        CustomerRegistered: ({ data: { customerId }, occurredAt }) => [
          at(later(occurredAt, 1), send(SetShipmentPreference, { customerId, carrier: 'ANY' })),
        ],
      },
    });
    const core = kept(await openCore(temporaryFolder(), { runsProcesses: true, registry: registryWith(shipping) }));
    let good: string | undefined;
    const registered = new Set<string>();
    core.log.plan = (stream) => {
      if (!stream.startsWith('customer-') || !registered.has(stream)) {
        registered.add(stream);
        return undefined;
      }
      if (stream === `customer-main.${good}`) return undefined;
      throw new TypeError('a bug');
    };
    await Promise.all(Array.from({ length: 250 }, (_, number) => register(core, `Broken ${number}`)));
    good = await register(core, 'Acme');
    const sent = await eventually(async () => {
      const carriers = await carriersOf(core, good as string);
      return carriers.length > 0 ? carriers : undefined;
    });
    expect(sent).toEqual(['ANY']);
  });

  it('of a sandbox whose clock leaps fire moment by moment, each after what followed from the one before', async () => {
    const days = (moment: string, number: number) => later(moment, number * 86_400_000);
    const shipping = process({
      name: 'shipping',
      description: 'Prefers one carrier after ten days, another ten days after that, and a third after thirty.',
      capabilities: [],
      startsFrom: 'zero',
      facts: { CustomerRegistered, ShipmentPreferenceSet },
      react: {
        CustomerRegistered: ({ data: { customerId }, occurredAt }) => [
          at(days(occurredAt, 30), send(SetShipmentPreference, { customerId, carrier: 'THIRD' })),
          at(days(occurredAt, 10), send(SetShipmentPreference, { customerId, carrier: 'FIRST' })),
        ],
        ShipmentPreferenceSet: ({ data: { customerId, carrier }, occurredAt }) =>
          carrier === 'FIRST' ? [at(days(occurredAt, 10), send(SetShipmentPreference, { customerId, carrier: 'SECOND' }))] : [],
      },
    });
    const core = kept(await openCore(temporaryFolder(), { runsProcesses: true, registry: registryWith(shipping) }));
    await core.send('OpenTenant', { name: 'trial', sandbox: true });
    const trial = { ...caller, tenant: 'trial' };
    const { stream } = await core.send('RegisterCustomer', { kind: 'ORGANISATION', name: 'Acme' }, { caller: trial });
    const { now } = await core.clock.of('trial');
    await core.send('SetClock', { to: days(now, 365) }, { caller: trial });
    await eventually(async () => (await core.clock.of('trial')).settled || undefined);
    const { facts } = await core.facts.page({ tenant: 'trial', stream, limit: 100 });
    const [registered, ...set] = facts as Recorded<{ readonly carrier?: string }>[];
    const since = registered?.occurredAt as string;
    expect(set.map(({ data, occurredAt }) => [data.carrier, occurredAt])).toEqual([
      ['FIRST', days(since, 10)],
      ['SECOND', days(since, 20)],
      ['THIRD', days(since, 30)],
    ]);
  });
});

describe('several servers on one log', () => {
  /** One of the servers; `noted` gets its name for each customer that its process hears of. */
  async function server(folder: string, log: FaultyLog, name: string, noted: string[]) {
    const registry = registryWith(
      process({
        name: 'noting',
        description: 'Notes who heard of a customer.',
        capabilities: [],
        startsFrom: 'zero',
        facts: { CustomerRegistered },
        react: {
          CustomerRegistered: () => {
            noted.push(name);
            return [];
          },
        },
      }),
    );
    const opened = await openSqliteViews({ file: join(folder, 'state.db') });
    const keys = await openSqliteKeys({ file: join(folder, 'keys.db'), masterKey: MASTER_KEY });
    let cutOff = false;
    const store: ViewStore = Object.create(opened, {
      lease: {
        value: async (...given: Parameters<ViewStore['lease']>) => {
          if (cutOff) throw new LogUnavailable('The store does not answer.');
          return opened.lease(...given);
        },
      },
    });
    const clock = { now: () => new Date().toISOString() };
    const pipeline = await CommandPipeline.open({
      log,
      snapshots: store,
      keys,
      registry,
      clock,
      backdateDays: 30,
      checks: new Map(),
    });
    const runner = new ProcessRunner({ log, store, registry, pipeline, clock, onError: () => {}, leaseMilliseconds: 600 });
    kept({
      async close() {
        await runner.stop();
        await pipeline.close();
        await keys.close();
        await opened.close();
      },
    });
    return { pipeline, runner, cutOff: () => (cutOff = true) };
  }

  class SharedLog extends FaultyLog {
    override get exclusive() {
      return false;
    }
  }

  it('run processes on one of them; another takes over when that one does not come back', async () => {
    const folder = temporaryFolder();
    const log = new SharedLog(await openSqliteLog({ folder }));
    const noted: string[] = [];
    const one = await server(folder, log, 'one', noted);
    const other = await server(folder, log, 'other', noted);
    kept(log);
    const registered = (name: string) =>
      one.pipeline.execute({ caller, command: 'RegisterCustomer', payload: { kind: 'ORGANISATION', name } });
    await one.runner.start();
    await other.runner.start();
    expect(other.runner.readers()).toEqual([]);
    await registered('Acme');
    await eventually(async () => (noted.length > 0 ? true : undefined));
    one.cutOff();
    await eventually(async () => (one.runner.readers().length === 0 && other.runner.readers().length > 0 ? true : undefined));
    const before = noted.length;
    await registered('Globex');
    await eventually(async () => (noted.length > before ? true : undefined));
    expect(noted[0]).toBe('one');
    expect(noted.slice(before)).toEqual(['other']);
    expect(noted.filter((name) => name === 'one')).toHaveLength(1);
  });

  it('notice the clock of a sandbox that another of them set', async () => {
    const folder = temporaryFolder();
    const log = new SharedLog(await openSqliteLog({ folder }));
    const runs = await server(folder, log, 'one', []);
    const other = await server(folder, log, 'other', []);
    kept(log);
    await runs.runner.start();
    const inMain = { ...caller, roles: new Set(Object.keys(roles) as Role[]) };
    await other.pipeline.execute({ caller: inMain, command: 'OpenTenant', payload: { name: 'trial', sandbox: true } });
    const trial = { ...inMain, tenant: 'trial' };
    await other.pipeline.execute({ caller: trial, command: 'OpenOpportunity', payload: { amount: 1, currency: 'EUR' } });
    const to = new Date(Date.now() + 400 * 86_400_000).toISOString();
    await other.pipeline.execute({ caller: trial, command: 'SetClock', payload: { to } });
    await eventually(async () => ((await runs.runner.settled('trial')) ? true : undefined));
    const { facts } = await log.readAll(log.start, { limit: 10, tenant: 'trial', types: ['OpportunityStalled'] });
    expect(facts).toHaveLength(1);
    expect(await other.runner.settled('trial')).toBeUndefined();
    const later = await runs.pipeline.execute({
      caller: trial,
      command: 'OpenOpportunity',
      payload: { amount: 1, currency: 'EUR' },
    });
    const [opened] = await log.readStream(later.stream, 0, 1);
    expect((opened?.occurredAt ?? '') >= to).toBe(true);
  });

  it('are not waited for where there can be none: a server that was killed still holds its leases, and the next goes on', async () => {
    const folder = temporaryFolder();
    const house = await openHouse({ folder });
    const logId = (await house.facts.head()).split('.')[0];
    await house.close();
    const data = resolve(folder, 'data');
    for (const [file, name, holder] of [
      [stateFileIn(data), 'processes', `the server of ${logId}`],
      [viewsFileIn(data), 'views', `views of ${data}`],
    ] as const) {
      const store = await openSqliteViews({ file });
      await store.lease(name, holder, 3_600_000);
      await store.close();
    }
    const next = kept(await openHouse({ folder }));
    const { id: opportunityId } = await next.send('OpenOpportunity', { amount: 1, currency: 'EUR' });
    expect(await next.document('pipeline', opportunityId)).toBeDefined();
    const { readers } = await next.health();
    expect(readers.filter(({ kind }) => kind === 'process').length).toBeGreaterThan(0);
  });
});

describe('a fact that a process cannot take (P7)', () => {
  const welcoming = (fault: (customerId: string) => Error | undefined) =>
    process({
      name: 'welcoming',
      description: 'Gives a customer a carrier and repeats its owner.',
      capabilities: [],
      startsFrom: 'zero',
      facts: { CustomerRegistered, OwnerAssigned, OwnershipTransferred },
      react: {
        CustomerRegistered: ({ data: { customerId } }) => {
          const error = fault(customerId);
          if (error) throw error;
          return [send(SetShipmentPreference, { customerId, carrier: 'DHL' })];
        },
        OwnerAssigned: ({ data: { customerId, ownerId } }) => [
          send(SetShipmentPreference, { customerId, carrier: `OF ${ownerId.slice(0, 8)}` }),
        ],
        OwnershipTransferred: ({ data: { customerId, to } }) => [
          send(SetShipmentPreference, { customerId, carrier: `OF ${to.slice(0, 8)}` }),
        ],
      },
    });
  const parkedIn = async (core: Core) => (await core.health()).readers.find(({ name }) => name === 'welcoming')?.parked;

  it('stops its own stream only, visibly, and is taken with those behind it once a server can', async () => {
    const folder = temporaryFolder();
    const poisoned = derivedId('poisoned');
    const registry = registryWith(welcoming((customerId) => (customerId === poisoned ? new TypeError('A bug.') : undefined)));
    let core = kept(await openCore(folder, { runsProcesses: true, registry }));
    await core.send('RegisterCustomer', { customerId: poisoned, kind: 'ORGANISATION', name: 'Acme' });
    const ownerId = derivedId('agent');
    await core.send('AssignOwner', { customerId: poisoned, ownerId });
    const healthy = await register(core, 'Globex');
    await eventually(async () => ((await carriersOf(core, healthy)).length > 0 ? true : undefined));
    await eventually(async () => ((await parkedIn(core)) === 2 ? true : undefined));
    expect(await carriersOf(core, poisoned)).toEqual([]);
    expect(core.faults).toMatchObject([{ message: 'A bug.' }]);
    await closed(core);

    core = kept(await openCore(folder, { runsProcesses: true, registry }));
    await eventually(async () => (core.faults.length > 0 ? true : undefined));
    await eventually(async () => ((await parkedIn(core)) === 2 ? true : undefined));
    expect(await carriersOf(core, healthy)).toEqual(['DHL']);
    await closed(core);

    // Tried in vain, for a reason that passes: it waits all the same, and nothing overtakes it.
    const failing = registryWith(welcoming(() => new LogUnavailable('The log does not answer.')));
    core = kept(await openCore(folder, { runsProcesses: true, registry: failing }));
    await eventually(async () => (core.faults.length > 0 ? true : undefined));
    const second = derivedId('second agent');
    await core.send('TransferOwnership', { customerId: poisoned, to: second });
    await eventually(async () => ((await parkedIn(core)) === 3 ? true : undefined));
    await closed(core);

    core = kept(await openCore(folder, { runsProcesses: true, registry: registryWith(welcoming(() => undefined)) }));
    const carriers = await eventually(async () => {
      const found = await carriersOf(core, poisoned);
      return found.length === 3 ? found : undefined;
    });
    expect(carriers).toEqual(['DHL', `OF ${ownerId.slice(0, 8)}`, `OF ${second.slice(0, 8)}`]);
    await eventually(async () => ((await parkedIn(core)) === 0 ? true : undefined));
    expect(core.faults).toEqual([]);
  });

  it('is listed, and released without a start once its cause is mended', async () => {
    const poisoned = derivedId('poisoned for a while');
    let isMended = false;
    const registry = registryWith(
      welcoming((customerId) => (customerId === poisoned && !isMended ? new TypeError('A bug.') : undefined)),
    );
    const core = kept(await openCore(temporaryFolder(), { runsProcesses: true, registry }));
    const { stream } = await core.send('RegisterCustomer', { customerId: poisoned, kind: 'ORGANISATION', name: 'Acme' });
    await core.send('AssignOwner', { customerId: poisoned, ownerId: derivedId('agent') });
    await eventually(async () => ((await parkedIn(core)) === 2 ? true : undefined));
    expect(core.processes.parked()).toMatchObject([
      { process: 'welcoming', tenant: 'main', stream, facts: 2, error: 'TypeError' },
    ]);
    expect(await core.processes.release('welcoming', stream)).toEqual({ released: 0, error: 'TypeError' });
    expect(core.processes.parked()).toHaveLength(1);
    isMended = true;
    expect(await core.processes.release('welcoming', stream)).toEqual({ released: 2 });
    expect(core.processes.parked()).toEqual([]);
    expect(await carriersOf(core, poisoned)).toHaveLength(2);
    await expect(core.processes.release('welcoming', stream)).rejects.toMatchObject({ status: 404, code: 'not-parked' });
  });

  it('is listed by a server that runs no processes; asked to release it, it says who does', async () => {
    const folder = temporaryFolder();
    const registry = registryWith(welcoming(() => new TypeError('A bug.')));
    const first = kept(await openCore(folder, { runsProcesses: true, registry }));
    const { stream } = await first.send('RegisterCustomer', { kind: 'ORGANISATION', name: 'Acme' });
    await eventually(async () => ((await parkedIn(first)) === 1 ? true : undefined));
    const listed = await first.processes.listParked();
    await closed(first);

    const core = kept(await openCore(folder, { runsProcesses: false, registry }));
    expect(listed).toMatchObject([{ process: 'welcoming', tenant: 'main', stream, facts: 1, error: 'TypeError' }]);
    expect(await core.processes.listParked()).toEqual(listed);
    const refusal = (message: string) => ({ status: 503, code: 'not-the-writer', message: expect.stringContaining(message) });
    await expect(core.processes.release('welcoming', stream)).rejects.toMatchObject(refusal('No server runs the processes'));
    const store = kept(await openSqliteViews({ file: join(folder, 'state.db') }));
    await store.lease('processes', `annals-2 (process 7) ${crypto.randomUUID()}`, 60_000);
    await expect(core.processes.release('welcoming', stream)).rejects.toMatchObject(
      refusal('Another server runs the processes: annals-2 (process 7). Ask that one'),
    );
  });
});

describe('a process that stopped', () => {
  const customerId = derivedId('registered later');
  const owning = process({
    name: 'owning',
    description: 'Gives another customer an owner and a carrier.',
    capabilities: [],
    startsFrom: 'zero',
    facts: { CustomerRegistered },
    react: {
      CustomerRegistered: ({ data }) =>
        data.customerId === customerId
          ? []
          : [
              send(AssignOwner, { customerId, ownerId: derivedId('agent') }),
              send(SetShipmentPreference, { customerId, carrier: 'DHL' }),
            ],
    },
  });

  it('is resumed by an operator and tries the refused command again, once', async () => {
    const core = kept(await openCore(temporaryFolder(), { runsProcesses: true, registry: registryWith(owning) }));
    const [trigger] = await factsOf(core, await register(core, 'Globex'));
    const processId = derivedId('process', 'owning', trigger?.id ?? '');
    const status = async (wanted: string) => {
      const state = await core.processes.state('main', processId).catch(() => undefined);
      return state?.status === wanted ? state : undefined;
    };
    await eventually(() => status('STOPPED'));
    await core.send('ResumeProcess', { processId });
    // The cause is still there: it is refused again, and stops again.
    await eventually(async () => {
      const { facts } = await core.facts.page({ tenant: 'main', stream: `process-main.${processId}`, limit: 10 });
      return facts.length === 4 ? true : undefined;
    });
    // one can hear of an append before the pipeline has folded it
    expect(await eventually(() => status('STOPPED'))).toEqual({
      id: processId,
      process: 'owning',
      trigger: trigger?.id,
      status: 'STOPPED',
      steps: [
        { command: 'AssignOwner', outcome: 'REFUSED', code: 'customer-unknown' },
        { command: 'SetShipmentPreference', outcome: 'PENDING' },
      ],
    });
    await core.send('RegisterCustomer', { customerId, kind: 'ORGANISATION', name: 'Acme' });
    await core.send('ResumeProcess', { processId });
    await eventually(() => status('DONE'));
    const facts = await factsOf(core, customerId);
    expect(facts.map(({ type }) => type)).toEqual(['CustomerRegistered', 'OwnerAssigned', 'ShipmentPreferenceSet']);
    expect(facts[1]).toMatchObject({ causationId: trigger?.id, correlationId: trigger?.correlationId });
    await expect(core.send('ResumeProcess', { processId })).rejects.toMatchObject({ status: 422, code: 'process-done' });
    await expect(core.send('ResumeProcess', { processId: customerId })).rejects.toMatchObject({ code: 'process-unknown' });
  });

  it('is counted over all tenants while it is stopped, after a start too, until an operator resumes it or gives it up', async () => {
    const folder = temporaryFolder();
    const registry = registryWith(owning);
    const counted = (core: Core, runs: number) =>
      eventually(async () => (core.processes.stopped()?.get('owning') === runs ? true : undefined));
    const before = kept(await openCore(folder, { runsProcesses: true, registry }));
    await counted(before, 0);
    await before.send('OpenTenant', { name: 'north' });
    const north = { ...caller, tenant: 'north' };
    await before.send('RegisterCustomer', { kind: 'ORGANISATION', name: 'Globex' }, { caller: north });
    const [trigger] = await factsOf(before, await register(before, 'Globex'));
    await counted(before, 2);
    await closed(before);
    const core = kept(await openCore(folder, { runsProcesses: true, registry }));
    await counted(core, 2);

    const processId = derivedId('process', 'owning', trigger?.id ?? '');
    const end = { processId, reason: 'the owner is assigned by hand' };
    await expect(core.send('EndProcess', end, { caller: { ...caller, roles: new Set(['admin']) } })).rejects.toMatchObject({
      status: 403,
    });
    expect(await core.send('EndProcess', end)).toMatchObject({ outcome: 'done' });
    await counted(core, 1);
    expect(await core.processes.state('main', processId)).toMatchObject({ status: 'ENDED' });
    const { facts } = await core.facts.page({ tenant: 'main', stream: `process-main.${processId}`, limit: 10 });
    expect(facts.at(-1)).toMatchObject({ type: 'ProcessEnded', data: { process: 'owning', reason: end.reason } });
    expect(await core.send('EndProcess', end)).toMatchObject({ outcome: 'unchanged' });
    await expect(core.send('ResumeProcess', { processId })).rejects.toMatchObject({ status: 422, code: 'process-ended' });
    await expect(core.send('EndProcess', { ...end, processId: customerId })).rejects.toMatchObject({ code: 'process-unknown' });
  });
});

describe('imported history', () => {
  it('of a merge lets the erasure of the survivor reach who was merged into it (CID-10)', async () => {
    const core = kept(await openCore(temporaryFolder(), { runsProcesses: true }));
    const imported = { imported: { cutOver: new Date().toISOString(), clock: false } };
    const [merged, survivorId] = [await register(core, 'Acme'), await register(core, 'Acme Corporation')];
    await core.send('MergeCustomers', { customerId: merged, survivorId }, imported);
    await eventually(async () => ((await factsOf(core, survivorId)).length > 1 ? true : undefined));
    await core.send('EraseCustomer', { customerId: survivorId });
    const last = await eventually(async () => {
      const facts = await factsOf(core, merged);
      return facts.find(({ type }) => type === 'CustomerErased');
    });
    expect(last.data).toMatchObject({ customerId: merged });
  });
});

const later = (moment: string, milliseconds: number) => new Date(Date.parse(moment) + milliseconds).toISOString();
