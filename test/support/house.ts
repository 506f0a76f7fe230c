import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isCompanyRole, type Moment, type Role, roles } from '#kernel';
import type { Caller, Clock, CommandAnswer, CommandRequest, ViewAnswer } from '#runtime';
import { type House, type HouseOptions, openAnnals } from '../../apps/server/compose.js';
import { testEngines } from './engines.js';

/** A clock that stands still until it is moved. */
export class SetClock implements Clock {
  constructor(private moment: Moment) {}

  now(): Moment {
    return this.moment;
  }

  set(moment: Moment): void {
    this.moment = moment;
  }
}

export interface TestHouse extends House {
  /** The first token's caller with every role at once, which no token holds: for specs of something else than rights. */
  readonly admin: Caller;
  /** Sends a command; `more` overrides caller, key, business time. */
  send(command: string, payload: object, more?: Partial<CommandRequest>): Promise<CommandAnswer>;
  /** One document as stored, after everything acknowledged so far is in it. */
  document<D>(view: string, key: string, parameters?: Record<string, string>): Promise<D | undefined>;
  list<D>(view: string, parameters?: Record<string, string>): Promise<readonly { key: string; document: D }[]>;
  groups(view: string, parameters: Record<string, string>): Promise<readonly Record<string, unknown>[]>;
  callerWith(...some: Role[]): Caller;
}

/** A folder that is removed at the end of the run. */
export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'annals-'));

/** The whole product on the embedded engines, in this process, without its HTTP surface. */
export async function openHouse(
  options: {
    folder?: string;
    clock?: Clock;
    runsProcesses?: boolean;
    webhooks?: HouseOptions['webhooks'];
    onError?: HouseOptions['onError'];
    headsMinutes?: number;
  } = {},
): Promise<TestHouse> {
  const folder = options.folder ?? temporaryFolder();
  const house = await openAnnals({
    data: join(folder, 'data'),
    secrets: join(folder, 'secrets'),
    engines: await testEngines(join(folder, 'data')),
    backdateDays: 30,
    runsProcesses: options.runsProcesses ?? true,
    clock: options.clock,
    webhooks: options.webhooks,
    ...(options.headsMinutes !== undefined && { headsMinutes: options.headsMinutes }),
    onError: options.onError ?? ((name, error) => process.stderr.write(`${name}: ${String(error)}\n`)),
  });
  const first = (await house.access.authenticate(readFileSync(house.adminTokenFile, 'utf8').trim())) as Caller;
  const admin: Caller = { ...first, roles: new Set(everyRole) };
  const query = async (view: string, parameters: Record<string, string>, key?: string): Promise<ViewAnswer> =>
    house.views.query({ caller: admin, view, key, parameters: { minPosition: await house.facts.head(), ...parameters } });
  return {
    ...house,
    admin,
    callerWith: (...some) => ({ tenant: 'main', actor: { kind: 'service', id: `with ${some.join(' ')}` }, roles: new Set(some) }),
    send: (command, payload, more = {}) =>
      house.commands.execute({ caller: admin, command, payload: payload as CommandRequest['payload'], ...more }),
    async document<D>(view: string, key: string, parameters: Record<string, string> = {}) {
      const answer = await query(view, parameters, key);
      return answer.kind === 'document' && answer.json !== undefined ? (JSON.parse(answer.json) as D) : undefined;
    },
    async list<D>(view: string, parameters: Record<string, string> = {}) {
      const answer = await query(view, parameters);
      return answer.kind === 'list' ? answer.items.map(({ key, json }) => ({ key, document: JSON.parse(json) as D })) : [];
    },
    async groups(view, parameters) {
      const answer = await query(view, parameters);
      return answer.kind === 'groups' ? answer.groups : [];
    },
  };
}

/** Of the company: `customer` goes with no other role. */
export const everyRole: readonly Role[] = Object.keys(roles).filter(isCompanyRole);

/** Waits until `look` gives something, or fails after `milliseconds`. */
export async function eventually<T>(look: () => Promise<T | undefined>, milliseconds = 10_000): Promise<T> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`Nothing within ${milliseconds} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Until the processes have taken everything, and nothing more came of it. */
export async function atRest(house: TestHouse): Promise<void> {
  let before: string | undefined;
  await eventually(async () => {
    const { head, readers } = await house.health();
    const isSame = head === before && readers.every(({ kind, lagFacts }) => kind !== 'process' || lagFacts === 0);
    before = head;
    return isSame ? true : undefined;
  }, 120_000);
}
