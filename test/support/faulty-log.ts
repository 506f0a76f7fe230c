import { join } from 'node:path';
import { openSqliteKeys, openSqliteLog, openSqliteViews } from '#adapters/sqlite';
import { contexts } from '#contexts';
import { type Role, roles } from '#kernel';
import {
  type Appended,
  type Caller,
  type CommandAnswer,
  type CommandRequest,
  createRuntime,
  type KeyStore,
  type Log,
  LogUnavailable,
  type NewFact,
  OutcomeUnknown,
  type Registry,
  type Runtime,
  type RuntimeOptions,
  registryOf,
  systemContext,
} from '#runtime';

/**
 * What one append meets. `unavailable` and `full`: refused, nothing is written. `lost`: nothing is written, but nobody says so.
 * `unheard`: written, but the answer is lost. `dead`: written, and from then on the log answers nothing, as after kill -9.
 */
export type Fault = 'unavailable' | 'full' | 'lost' | 'unheard' | 'dead';

const FULL = 'the disk that holds the log is full';

/** A log that fails as told: `plan` is asked about each append, with its stream. */
export class FaultyLog implements Log {
  plan: (stream: string) => Fault | undefined = () => undefined;
  #dead = false;

  constructor(private readonly log: Log) {}

  get id() {
    return this.log.id;
  }
  get start() {
    return this.log.start;
  }
  get sparse() {
    return this.log.sparse;
  }
  get exclusive() {
    return this.log.exclusive;
  }

  async append(stream: string, expected: number, facts: readonly NewFact[]): Promise<Appended> {
    this.#answering();
    const fault = this.plan(stream);
    if (fault === 'unavailable') throw new LogUnavailable('The log does not answer.');
    if (fault === 'full') throw new LogUnavailable('The disk that holds /data/log.db is full.', { why: FULL });
    if (fault === 'lost') throw new OutcomeUnknown('No answer came.');
    const appended = await this.log.append(stream, expected, facts);
    this.#answering();
    if (fault === 'dead') {
      this.#dead = true;
      this.#answering();
    }
    if (fault === 'unheard') throw new OutcomeUnknown('No answer came.');
    return appended;
  }
  async readStream(...given: Parameters<Log['readStream']>) {
    this.#answering();
    return this.log.readStream(...given);
  }
  async readAll(...given: Parameters<Log['readAll']>) {
    this.#answering();
    return this.log.readAll(...given);
  }
  async head() {
    this.#answering();
    return this.log.head();
  }
  onAppend(listener: (head: string) => void) {
    return this.log.onAppend(listener);
  }
  close() {
    return this.log.close();
  }

  #answering(): void {
    if (this.#dead) throw new LogUnavailable('The log is gone.');
  }
}

export interface Core extends Runtime {
  readonly log: FaultyLog;
  readonly keys: KeyStore;
  send(command: string, payload: object, more?: Partial<CommandRequest>): Promise<CommandAnswer>;
  /** Of what failed in readers. */
  readonly faults: readonly unknown[];
}

export const caller: Caller = {
  tenant: 'main',
  actor: { kind: 'service', id: 'specification' },
  roles: new Set(Object.keys(roles) as Role[]),
};

export const MASTER_KEY = new Uint8Array(32).fill(7);
const noViews = { progress: async () => [], close: async () => {} } as unknown as RuntimeOptions['views'];

/** Commands and processes on the embedded engines, without views, behind a log that can fail. */
export async function openCore(
  folder: string,
  {
    runsProcesses = false,
    registry = registryOf([systemContext, ...contexts]),
    ...more
  }: { runsProcesses?: boolean; registry?: Registry } & Pick<Partial<RuntimeOptions>, 'clock' | 'surroundings' | 'topics'> = {},
): Promise<Core> {
  const log = new FaultyLog(await openSqliteLog({ folder }));
  const faults: unknown[] = [];
  const keys = await openSqliteKeys({ file: join(folder, 'keys.db'), masterKey: MASTER_KEY });
  const runtime = await createRuntime({
    clock: { now: () => new Date().toISOString() },
    ...more,
    registry,
    log,
    store: await openSqliteViews({ file: join(folder, 'state.db') }),
    keys,
    views: noViews,
    backdateDays: 30,
    runsProcesses,
    onError: (_name, error) => faults.push(error),
    backup: async () => ({ files: [], position: log.start }),
  });
  return {
    ...runtime,
    log,
    keys,
    faults,
    send: (command, payload, more = {}) =>
      runtime.commands.execute({ caller, command, payload: payload as CommandRequest['payload'], ...more }),
  };
}
