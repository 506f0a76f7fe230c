import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import { openSqliteLog, openSqliteViews } from '#adapters/sqlite';
import type { AnyView, Role } from '#kernel';
import type { Log, ViewStore } from '../../ports.js';
import { Problem } from '../../problem.js';
import { registryOf } from '../../registry.js';
import type { ViewAnswer } from '../../requests.js';
import { Views, type ViewsOptions } from '../service.js';
import { company, identity, poison } from './deals.js';
import { Recorder } from './recorder.js';

/** The views of the specifications' company on a log and a store in a folder of their own. */
export class CompanySystem {
  readonly recorder: Recorder;
  readonly opened: Views[] = [];

  private constructor(
    readonly folder: string,
    readonly log: Log,
    readonly store: ViewStore,
  ) {
    this.recorder = new Recorder(log);
  }

  static async open(): Promise<CompanySystem> {
    const folder = mkdtempSync(join(tmpdir(), 'annals-views-'));
    return new CompanySystem(folder, await openSqliteLog({ folder }), await openSqliteViews({ file: join(folder, 'views.db') }));
  }

  async start(views?: readonly AnyView[], options: Partial<ViewsOptions> = {}): Promise<Views> {
    const made = new Views({
      registry: registryOf([company(views)]),
      log: this.log,
      store: this.store,
      identity,
      scratch: () => openSqliteViews({ memory: true }),
      ...options,
    });
    this.opened.push(made);
    await made.start();
    return made;
  }

  async close(): Promise<void> {
    for (const views of this.opened) await views.stop();
    await this.store.close();
    await this.log.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** The company of the test that runs, new for each. */
export function givenCompany(): { readonly system: CompanySystem } {
  let system: CompanySystem;
  beforeEach(async () => {
    poison.cured = false;
    system = await CompanySystem.open();
  });
  afterEach(() => system.close());
  return {
    get system() {
      return system;
    },
  };
}

export const READER = { tenant: 'main', actor: { kind: 'user', id: 'reader' }, roles: new Set<Role>(['analyst']) } as const;

type Of<K extends ViewAnswer['kind']> = Extract<ViewAnswer, { kind: K }>;
type Parameters = Readonly<Record<string, string | readonly string[]>>;

export async function list(
  views: Pick<Views, 'query'>,
  view: string,
  parameters: Parameters = {},
  tenant = 'main',
): Promise<Listed> {
  return listedOf(await views.query({ caller: { ...READER, tenant }, view, parameters }));
}

/** A list with its documents read. */
export type Listed = Omit<Of<'list'>, 'items'> & {
  readonly items: readonly { readonly key: string; readonly document: unknown }[];
};

export function listedOf(answer: ViewAnswer): Listed {
  if (answer.kind !== 'list') throw new Error('Not a list.');
  return { ...answer, items: answer.items.map(({ key, json }) => ({ key, document: JSON.parse(json) as unknown })) };
}

export async function groups(
  views: Pick<Views, 'query'>,
  view: string,
  parameters: Parameters = {},
  tenant = 'main',
): Promise<Of<'groups'>> {
  return (await views.query({ caller: { ...READER, tenant }, view, parameters })) as Of<'groups'>;
}

export async function document(
  views: Pick<Views, 'query'>,
  view: string,
  key: string,
  parameters: Parameters = {},
  tenant = 'main',
): Promise<Of<'document'> & { readonly document: unknown }> {
  const answer = (await views.query({ caller: { ...READER, tenant }, view, key, parameters })) as Of<'document'>;
  return { ...answer, document: answer.json === undefined ? undefined : (JSON.parse(answer.json) as unknown) };
}

/** Looks again, as often as the loop turns, until it holds. */
export async function until(holds: () => Promise<boolean> | boolean, milliseconds = 10_000): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('It did not come to hold in time.');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The problem that a piece of work ends with. */
export const problemOf = (work: Promise<unknown>): Promise<Problem> =>
  work.then(
    () => Promise.reject(new Error('No problem was thrown.')),
    (error: unknown) => (error instanceof Problem ? error : Promise.reject(error)),
  );
