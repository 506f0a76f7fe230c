import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { openSqliteViews } from '#adapters/sqlite';
import { contexts } from '#contexts';
import { derivedId, process, type Recorded, send } from '#kernel';
import { type ProcessState, registryOf, systemContext } from '#runtime';
import { AssignOwner, SetShipmentPreference } from '../../libs/contexts/customers/customer/commands.js';
import { CompleteLeadConversion } from '../../libs/contexts/sales/lead/commands.js';
import { LeadQualified } from '../../libs/contexts/sales/lead/events.js';
import { orderOf } from '../../libs/contexts/sales/won-opportunity/won-opportunity.process.js';
import { type Core, type Fault, openCore } from '../support/faulty-log.js';
import { eventually, openHouse, temporaryFolder } from '../support/house.js';

const open = new Set<{ close(milliseconds?: number): Promise<void> }>();
const kept = <T extends { close(milliseconds?: number): Promise<void> }>(thing: T): T => {
  open.add(thing);
  return thing;
};
/** However a specification ends, it leaves nothing open. */
const closeAll = async () => {
  for (const thing of open) await thing.close(1_000);
  open.clear();
};
const closed = async (thing: Core) => {
  open.delete(thing);
  await thing.close(1_000);
};

let leads = 0;

/** A qualified lead whose conversion takes every kind of step: it registers, adds, claims twice, opens and completes. */
async function qualified(core: Core): Promise<string> {
  const number = ++leads;
  const { id: leadId } = await core.send('CreateLead', {
    name: 'Ada Lovelace',
    email: `ada${number}@example.org`,
    phone: `+49301234${String(number).padStart(4, '0')}`,
    source: 'WORD_OF_MOUTH',
  });
  await core.send('AssignLead', { leadId, ownerId: derivedId('agent') });
  await core.send('QualifyLead', { leadId });
  return leadId;
}

const convert = (core: Core, leadId: string) => core.send('ConvertLead', { leadId, amount: 900_00, currency: 'EUR' });
const ended = (core: Core, id: string): Promise<ProcessState> =>
  eventually(async () => {
    const state = await core.processes.state('main', id).catch(() => undefined);
    return state && state.status !== 'RUNNING' ? state : undefined;
  }, 20_000);
const typesOf = async (core: Core, stream: string) =>
  (await core.facts.page({ tenant: 'main', stream, limit: 100 })).facts.map(({ type }) => type);

/** Everything that the conversion is to bring about, once. */
async function expectConverted(core: Core, leadId: string, run: ProcessState): Promise<void> {
  expect(run).toMatchObject({ status: 'DONE' });
  expect(run.steps.map(({ outcome }) => outcome)).toEqual(run.steps.map(() => 'DONE'));
  const started = (await core.facts.page({ tenant: 'main', stream: `lead-main.${leadId}`, limit: 100 })).facts.find(
    ({ type }) => type === 'LeadConversionStarted',
  ) as Recorded<{ customerId: string; opportunityId: string }>;
  expect((await typesOf(core, `lead-main.${leadId}`)).filter((type) => type === 'LeadConverted')).toHaveLength(1);
  expect(await typesOf(core, `customer-main.${started.data.customerId}`)).toEqual([
    'CustomerRegistered',
    'ContactAdded',
    'IdentifierLinked',
    'IdentifierLinked',
  ]);
  expect(await typesOf(core, `opportunity-main.${started.data.opportunityId}`)).toEqual(['OpportunityOpened']);
  const settled = (await typesOf(core, `process-main.${run.id}`)).filter((type) => type === 'ProcessStepDone');
  expect(settled).toHaveLength(run.steps.length);
}

/** Appends after that of the command that starts it. */
const APPENDS = 17;

describe('a process (SAL-04)', () => {
  const folder = temporaryFolder();
  let core: Core;
  afterAll(closeAll);

  it('goes on after each of its appends failed in turn, whatever became of it', async () => {
    core = kept(await openCore(folder, { runsProcesses: true }));
    let failed = 0;
    for (const fault of ['unavailable', 'lost', 'unheard'] satisfies Fault[]) {
      for (let at = 1; at <= APPENDS; at++) {
        core.log.plan = () => undefined;
        const leadId = await qualified(core);
        let appends = -1; // the command's own
        core.log.plan = () => {
          if (++appends !== at) return undefined;
          failed++;
          return fault;
        };
        const { process: id = '' } = await convert(core, leadId);
        await expectConverted(core, leadId, await ended(core, id));
      }
    }
    expect(failed).toBe(3 * APPENDS);
  }, 120_000);

  it('goes on after a crash between any two of its appends', async () => {
    for (let at = 0; at <= APPENDS; at++) {
      core.log.plan = () => undefined;
      const leadId = await qualified(core);
      let appends = -1;
      let died = () => {};
      const dead = new Promise<void>((resolve) => {
        died = resolve;
      });
      core.log.plan = () => {
        if (++appends !== at) return undefined;
        died();
        return 'dead';
      };
      const converting = convert(core, leadId).catch(() => undefined);
      await dead;
      await converting;
      await closed(core);
      core = kept(await openCore(folder, { runsProcesses: true }));
      const trigger = await eventually(async () =>
        (await core.facts.page({ tenant: 'main', stream: `lead-main.${leadId}`, limit: 100 })).facts.find(
          ({ type }) => type === 'LeadConversionStarted',
        ),
      );
      await expectConverted(core, leadId, await ended(core, derivedId('process', 'lead-conversion', trigger.id)));
    }
  }, 120_000);
});

describe('a process that others hold up', () => {
  afterEach(closeAll);

  it('waits for an identifier that another command is about to take, and does not end by it', async () => {
    const core = kept(await openCore(temporaryFolder(), { runsProcesses: true }));
    const leadId = await qualified(core);
    // A claim on the lead's e-mail address that nobody confirms: the claimant answered nothing yet.
    const email = `ada${leads}@example.org`;
    let free = () => {};
    const held = new Promise<void>((resolve) => {
      free = resolve;
    });
    const inner = core.log.append.bind(core.log);
    let claimant: string | undefined;
    core.log.append = async (stream, expected, facts) => {
      if (stream.startsWith('customer-') && claimant === undefined) {
        claimant = stream;
        await held;
      }
      return inner(stream, expected, facts);
    };
    const registering = core.send('RegisterCustomer', { kind: 'PERSON', name: 'Eve', email });
    await eventually(async () => claimant);
    const { process: id = '' } = await convert(core, leadId);
    await eventually(async () => (core.faults.length > 0 ? true : undefined));
    expect(core.faults[0]).toMatchObject({ status: 409, code: 'identifier-in-flight' });
    expect(await core.processes.state('main', id)).toMatchObject({ status: 'RUNNING' });
    free();
    await registering;
    const run = await ended(core, id);
    // Linking is optional there: who was first has the address, and the conversion goes through.
    expect(run).toMatchObject({ status: 'DONE' });
    expect(run.steps.filter(({ outcome }) => outcome === 'REFUSED')).toMatchObject([{ code: 'identifier-taken' }]);
  }, 30_000);

  it('finishes what it recorded that it means to do, though a newer definition means something else', async () => {
    const folder = temporaryFolder();
    let core = kept(await openCore(folder, { runsProcesses: true }));
    const leadId = await qualified(core);
    let begun = false;
    core.log.plan = (stream) => {
      if (begun) return 'unavailable';
      begun = stream.startsWith('process-');
      return undefined;
    };
    const { process: id = '' } = await convert(core, leadId);
    await eventually(async () => (begun && core.faults.length > 0 ? true : undefined));
    await closed(core);

    const newer = registryOf([
      systemContext,
      ...contexts.map((context) => ({
        ...context,
        processes: context.processes?.map((definition) =>
          definition.name === 'lead-conversion'
            ? { ...definition, react: { LeadConversionStarted: () => [send(CompleteLeadConversion, { leadId })] } }
            : definition,
        ),
      })),
    ]);
    core = kept(await openCore(folder, { runsProcesses: true, registry: newer }));
    await expectConverted(core, leadId, await ended(core, id));
  }, 30_000);
});

describe('a process that has nothing left to do', () => {
  afterEach(closeAll);

  it('is over and says why: the customer of a lead was erased before its contact was added, and so is the lead', async () => {
    const core = kept(await openCore(temporaryFolder(), { runsProcesses: true }));
    const leadId = await qualified(core);
    const inner = core.log.append.bind(core.log);
    let customerId: string | undefined;
    let erased = false;
    core.log.append = async (stream, expected, facts) => {
      if (stream.startsWith('customer-')) customerId = stream.slice('customer-main.'.length);
      if (stream.startsWith('process-') && customerId !== undefined && !erased) {
        erased = true;
        await core.send('EraseCustomer', { customerId });
      }
      return inner(stream, expected, facts);
    };
    const { process: id = '' } = await convert(core, leadId);
    const run = await ended(core, id);
    expect(run).toMatchObject({ status: 'ENDED' });
    expect(run.steps.slice(0, 3)).toMatchObject([
      { command: 'RegisterCustomer', outcome: 'DONE' },
      { command: 'AddContact', outcome: 'REFUSED', code: 'customer-erased' },
      { command: 'LinkIdentifier', outcome: 'PENDING' },
    ]);
    const facts = (await core.facts.page({ tenant: 'main', stream: `process-main.${id}`, limit: 100 })).facts;
    expect(facts.slice(-2)).toMatchObject([
      { type: 'ProcessStepRefused', data: { code: 'customer-erased', stops: false } },
      { type: 'ProcessEnded', data: { process: 'lead-conversion', reason: 'customer-erased' } },
    ]);
    await eventually(async () => ((await typesOf(core, `lead-main.${leadId}`)).includes('LeadErased') ? true : undefined));
    expect(await core.send('ResumeProcess', { processId: id }).catch(({ code }) => code)).toBe('process-ended');
  }, 30_000);
});

describe('a process that stops', () => {
  afterEach(closeAll);

  it('is found by an operator, with what was refused and why', async () => {
    const house = kept(await openHouse());
    const { id: customerId } = await house.send('RegisterCustomer', { kind: 'ORGANISATION', name: 'Acme' });
    const { id: opportunityId } = await house.send('OpenOpportunity', { customerId, amount: 1, currency: 'EUR' });
    const lines = [{ description: 'By hand', quantity: 1, unitPrice: 1 }];
    await house.send('PlaceOrder', { orderId: orderOf(opportunityId), customerId, currency: 'EUR', lines });
    await house.send('WinOpportunity', { opportunityId });
    const stopped = await eventually(async () => (await house.list<object>('processes', { status: 'STOPPED' }))[0]);
    expect(stopped).toMatchObject({ document: { process: 'won-opportunity', stoppedBy: 'order-exists' } });
    expect(await house.processes.state('main', stopped.key)).toMatchObject({
      status: 'STOPPED',
      steps: [{ command: 'PlaceOrder', outcome: 'REFUSED', code: 'order-exists' }],
    });
  });

  it('stays stopped when its trigger is read again, though what was refused would now be accepted', async () => {
    const folder = temporaryFolder();
    const customerId = derivedId('not registered yet');
    const welcoming = process({
      name: 'welcoming',
      description: 'Gives a customer an owner and a contact.',
      capabilities: ['CID-03'],
      startsFrom: 'zero',
      facts: { LeadQualified },
      react: {
        LeadQualified: () => [
          send(AssignOwner, { customerId, ownerId: derivedId('agent') }),
          send(SetShipmentPreference, { customerId, carrier: 'DHL' }),
        ],
      },
    });
    const registry = registryOf([
      systemContext,
      ...contexts,
      { name: 'specification', description: 'One process.', processes: [welcoming] },
    ]);
    let core = kept(await openCore(folder, { runsProcesses: true, registry }));
    const leadId = await qualified(core);
    const trigger = (await core.facts.page({ tenant: 'main', stream: `lead-main.${leadId}`, limit: 10 })).facts[2];
    const id = derivedId('process', 'welcoming', trigger?.id ?? '');
    expect(await ended(core, id)).toMatchObject({
      status: 'STOPPED',
      steps: [{ code: 'customer-unknown' }, { outcome: 'PENDING' }],
    });
    await core.send('RegisterCustomer', { customerId, kind: 'ORGANISATION', name: 'Acme' });
    await closed(core);

    const store = await openSqliteViews({ file: join(folder, 'state.db') });
    const { version = 0 } = (await store.notes.read('process welcoming')) ?? {};
    await store.notes.write('process welcoming', core.log.start, version);
    await store.close();
    core = kept(await openCore(folder, { runsProcesses: true, registry }));
    // Behind the trigger in the log: when this one is through, the trigger was read again.
    const later = await qualified(core);
    const next = (await core.facts.page({ tenant: 'main', stream: `lead-main.${later}`, limit: 10 })).facts[2];
    expect(await ended(core, derivedId('process', 'welcoming', next?.id ?? ''))).toMatchObject({ status: 'DONE' });
    expect(await typesOf(core, `process-main.${id}`)).toEqual(['ProcessStarted', 'ProcessStepRefused']);
    expect(await core.processes.state('main', id)).toMatchObject({ status: 'STOPPED' });
    const owned = (await core.facts.page({ tenant: 'main', stream: `customer-main.${customerId}`, limit: 10 })).facts;
    expect(owned.filter(({ correlationId }) => correlationId === trigger?.correlationId)).toEqual([]);
  }, 30_000);
});
