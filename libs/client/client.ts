import type {
  CommandAnswer,
  CommandLine,
  CommandOptions,
  DocumentAnswer,
  DryRunAnswer,
  DryRunLine,
  GroupsAnswer,
  LineAnswer,
  ListAnswer,
  ProcessState,
} from './answers.js';
import { type Commands, commandRoutes } from './generated/commands.js';
import { type Views, viewNames } from './generated/views.js';
import { sendLines } from './lines.js';
import { AnnalsRefusal, AnnalsUnavailable, DryRunIgnored } from './problems.js';
import { parametersOf, type TimeOptions } from './queries.js';
import { type Call, PATIENCE, Transport, type TransportOptions } from './transport.js';

export interface ClientOptions extends TransportOptions {
  /** Whether queries wait for what this client wrote before; true if left out. */
  readonly readsOwnWrites?: boolean;
}

/** A typed client of one Annals server. Safe to share: it holds nothing but the position of its last write. */
export class AnnalsClient {
  readonly commands: Commands;
  /** The same methods; each says what its command would record, or throws as it would be refused, and records nothing. */
  readonly dryRun: Commands<DryRunAnswer>;
  readonly views: Views;
  readonly #transport: Transport;
  readonly #readsOwnWrites: boolean;
  readonly #patience: number;
  #position: string | undefined;

  constructor(options: ClientOptions) {
    this.#transport = new Transport(options);
    this.#readsOwnWrites = options.readsOwnWrites ?? true;
    this.#patience = options.patience ?? PATIENCE;
    const routes = Object.entries(commandRoutes) as [string, CommandRoute][];
    const methods = (send: (route: CommandRoute, payload: Fields, options?: CommandOptions) => Promise<unknown>) =>
      Object.fromEntries(
        routes.map(([name, route]) => [name, (payload: Fields = {}, more?: CommandOptions) => send(route, payload, more)]),
      );
    this.commands = methods((...sent) => this.#send(...sent)) as unknown as Commands;
    this.dryRun = methods((...sent) => this.#try(...sent)) as unknown as Commands<DryRunAnswer>;
    this.views = Object.fromEntries(
      Object.entries(viewNames).map(([name, view]) => [name, this.#view(view)]),
    ) as unknown as Views;
  }

  /** Where the last write of this client stands; give it to another client's `wrote` to let it read the same. */
  get position(): string | undefined {
    return this.#position;
  }

  /** From now on queries wait for this position too. */
  wrote(position: string): void {
    const known = this.#position;
    // positions of one log are compared as text; a server that was restored from elsewhere begins another log
    const sameLog = known !== undefined && logOf(known) === logOf(position);
    if (!sameLog || position > (known as string)) this.#position = position;
  }

  /** Whom the token stands for. */
  async whoami(): Promise<{
    readonly tenant: string;
    readonly actor: { kind: string; id: string };
    readonly roles: readonly string[];
  }> {
    return (await this.#transport.send<Awaited<ReturnType<AnnalsClient['whoami']>>>({ method: 'GET', path: '/v1/whoami' })).body;
  }

  async process(id: string, { signal }: { readonly signal?: AbortSignal } = {}): Promise<ProcessState> {
    const { body, position } = await this.#transport.send<ProcessState>({
      method: 'GET',
      path: `/v1/processes/${encodeURIComponent(id)}`,
      ...(signal && { signal }),
    });
    if (body.status !== 'RUNNING' && position !== undefined) this.wrote(position);
    return body;
  }

  /** Waits until a process is done or stopped; later queries see what it did. Throws AnnalsUnavailable after `within` milliseconds. */
  async settled(id: string, { within = 60_000, signal }: { readonly within?: number; readonly signal?: AbortSignal } = {}) {
    const deadline = Date.now() + within;
    for (let pause = 50; ; pause = Math.min(pause * 2, 1_000)) {
      const state = await this.process(id, signal && { signal });
      if (state.status !== 'RUNNING') return state;
      if (Date.now() + pause > deadline)
        throw new AnnalsUnavailable(`The process ${id} still runs after ${within} ms.`, undefined, undefined);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  /**
   * Many commands, a hundred in one request: lines of one stream take effect in their order, others side by side. Not atomic: each has
   * its own answer or problem, in their order. What has no answer for good is sent again with its key; a line without one gets a random one.
   * Throws AnnalsUnavailable where nothing goes on for as long as `patience`: with keys of yours, send all lines again.
   */
  async sendLines(
    lines: readonly CommandLine[],
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<readonly LineAnswer[]> {
    const answers = await sendLines(this.#transport, lines, { patience: this.#patience, ...(signal && { signal }) });
    for (const { answer } of answers) if (answer) this.wrote(answer.position);
    return answers;
  }

  /**
   * What each of many commands would do on what is there now, whatever those before it would do; nothing is recorded. One answer for
   * each, in their order.
   */
  async dryRunLines(
    lines: readonly CommandLine[],
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<readonly DryRunLine[]> {
    const { body, dryRun } = await this.#transport.send<readonly DryRunLine[]>({
      method: 'POST',
      path: '/v1/commands',
      lines,
      headers: { 'annals-dry-run': 'true' },
      ...(signal && { signal }),
    });
    if (!dryRun) throw new DryRunIgnored(body);
    return [...body].sort((one, other) => one.line - other.line);
  }

  async #send(route: CommandRoute, payload: Fields, options: CommandOptions = {}): Promise<CommandAnswer> {
    const reply = await this.#transport.send<CommandAnswer>(callOf(route, payload, options));
    this.wrote(reply.position ?? reply.body.position);
    return reply.body;
  }

  async #try(route: CommandRoute, payload: Fields, options: CommandOptions = {}): Promise<DryRunAnswer> {
    const call = callOf(route, payload, options);
    const { body, dryRun } = await this.#transport.send<DryRunAnswer>({
      ...call,
      headers: { ...call.headers, 'annals-dry-run': 'true' },
    });
    if (!dryRun) throw new DryRunIgnored(body);
    return body;
  }

  #view(name: string) {
    const ask = async <T>(path: string, options: TimeOptions): Promise<T> => {
      const written = this.#readsOwnWrites ? this.#position : undefined;
      const query = parametersOf(options, written);
      const { wait: waits, signal } = options;
      try {
        return (await this.#transport.send<T>({ method: 'GET', path, query, waits, ...(signal && { signal }) })).body;
      } catch (error) {
        const isOurs = options.minPosition === undefined && query.minPosition !== undefined;
        if (!(isOurs && error instanceof AnnalsRefusal && error.code === 'foreign-position')) throw error;
        // The server was restored to another log, which has no such write to wait for.
        if (this.#position === written) this.#position = undefined;
        return ask(path, options);
      }
    };
    const address = `/v1/views/${name}`;
    const list = (options: TimeOptions = {}) => ask<ListAnswer<object>>(address, options);
    return {
      list,
      async *all(options: TimeOptions = {}) {
        for (let cursor: string | undefined; ; ) {
          const page: ListAnswer<object> = await list({ ...options, ...(cursor !== undefined && { cursor }) } as TimeOptions);
          yield* page.items;
          cursor = page.next;
          if (cursor === undefined) return;
        }
      },
      get: (key: string, options: TimeOptions = {}) =>
        ask<DocumentAnswer<object>>(`${address}/${encodeURIComponent(key)}`, options),
      groups: (options: TimeOptions) => ask<GroupsAnswer>(address, options),
    };
  }
}

type Fields = Record<string, unknown>;

/** What the generated table says of a command. */
export interface CommandRoute {
  /** `/v1/opportunities/:opportunityId/advance` */
  readonly path: string;
  readonly inPath: readonly string[];
}

function callOf({ path, inPath }: CommandRoute, payload: Fields, options: CommandOptions): Call {
  const { idempotencyKey = crypto.randomUUID(), ifRevision, occurredAt, onBehalfOf, traceparent, settle, signal } = options;
  const body = { ...payload };
  for (const field of inPath) delete body[field];
  return {
    method: 'POST',
    path: path.replaceAll(/:([A-Za-z0-9]+)/g, (_, field: string) => encodeURIComponent(String(payload[field]))),
    body,
    idempotencyKey,
    headers: {
      'if-match': ifRevision === undefined ? undefined : `"${ifRevision}"`,
      'annals-occurred-at': occurredAt instanceof Date ? occurredAt.toISOString() : occurredAt,
      'annals-on-behalf-of': onBehalfOf,
      traceparent,
      prefer: settle === undefined ? undefined : `wait=${settle}`,
    },
    waits: settle === undefined ? undefined : settle * 1_000,
    ...(signal && { signal }),
  };
}

const logOf = (position: string) => position.slice(0, position.indexOf('.'));
