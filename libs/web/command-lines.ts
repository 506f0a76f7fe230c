import { commandFields, type Imported } from '#kernel';
import { Problem } from '#runtime/problem';
import type { RegisteredCommand, Registry } from '#runtime/registry';
import type { Caller, CommandAnswer, CommandRequest, DryRunAnswer } from '#runtime/requests';
import { parseJson } from './json-text.js';
import type { Line } from './lines.js';
import { type ProblemJson, problemJson, problemOf } from './problem-json.js';
import { actorFrom, idempotencyKeyOf, malformed, momentFrom } from './request-headers.js';

/** One line of the answer; lines come in the order in which their commands end. */
export type LineAnswer =
  | { readonly line: number; readonly key?: string; readonly status: number; readonly answer: CommandAnswer | DryRunAnswer }
  | { readonly line: number; readonly key?: string; readonly status: number; readonly problem: ProblemJson };

export interface CommandLines {
  /** A Problem thrown by it ends the work: the first line that was not read is answered with it. */
  readonly lines: AsyncIterable<Line>;
  readonly caller: Caller;
  readonly registry: Registry;
  readonly execute: (command: RegisteredCommand, request: CommandRequest) => Promise<CommandAnswer | DryRunAnswer>;
  /** Resolves when the reader of the answers is ready for more. */
  readonly answer: (answer: LineAnswer) => Promise<void>;
  readonly onFault: (error: unknown) => void;
}

/** Commands under way at a time. */
const AT_ONCE = 64;
/** Lines taken in and not answered yet, those that wait for their stream included, and their bytes. */
const MOST_LINES = 256;
const MOST_BYTES = 8 * 1_048_576;

/**
 * Sends each line as a command of its own, lines of one stream in order, others side by side. A bad line is answered for itself,
 * and one that can be sent again (429, 503, in flight) holds those of its stream back that come behind it: sent again, it would be too late.
 * Reads on only when there is room: the pace is that of the log and of whoever reads the answers.
 */
export async function sendLines({ lines, caller, registry, execute, answer, onFault }: CommandLines): Promise<void> {
  const room = new Room();
  const turns = new Room();
  const lastOfStream = new Map<string, Promise<void>>();
  /** Streams with a line that has to be sent again, and its key. */
  const open = new Map<string, string | undefined>();

  const send = async (sent: SentLine, before: Promise<void> | undefined): Promise<void> => {
    await before;
    const { stream, request } = sent;
    const { idempotencyKey: key } = request;
    await turns.enter(1, () => turns.count < AT_ONCE);
    let told: LineAnswer;
    try {
      if (open.has(stream) && (key === undefined || open.get(stream) !== key)) throw behindOpen();
      const done = await execute(sent.command, request);
      open.delete(stream);
      told = { line: sent.line, ...keyOf(sent), status: 'dryRun' in done ? 200 : statusOf(done), answer: done };
    } catch (error) {
      told = refusal(sent.line, error, key, onFault);
      if (!mayComeAgain(error)) open.delete(stream);
      else if (!open.has(stream)) open.set(stream, key);
    } finally {
      turns.leave(1);
    }
    await answer(told);
  };

  let next = 1;
  try {
    for await (const line of lines) {
      next = line.number + 1;
      const size = line.bytes?.length ?? 0;
      await room.enter(size, () => room.count === 0 || (room.count < MOST_LINES && room.size + size <= MOST_BYTES));
      let sent: SentLine;
      let given: unknown;
      try {
        given = lineFrom(line);
        sent = readLine(line.number, given, caller, registry);
      } catch (error) {
        void answer(refusal(line.number, error, keyIn(given), onFault)).finally(() => room.leave(size));
        continue;
      }
      const before = lastOfStream.get(sent.stream);
      const work: Promise<void> = send(sent, before).finally(() => {
        room.leave(size);
        if (lastOfStream.get(sent.stream) === work) lastOfStream.delete(sent.stream);
      });
      lastOfStream.set(sent.stream, work);
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    await answer(refusal(next, error, undefined, onFault));
  }
  await room.empty();
}

export const statusOf = ({ outcome }: CommandAnswer): 200 | 201 | 202 =>
  outcome === 'created' ? 201 : outcome === 'accepted' ? 202 : 200;

interface SentLine {
  readonly line: number;
  readonly command: RegisteredCommand;
  readonly request: CommandRequest;
  /** Lines with the same one keep their order. */
  readonly stream: string;
}

const MEMBERS = ['command', 'key', 'payload', 'occurredAt', 'ifRevision', 'onBehalfOf', 'imported'];

function lineFrom({ bytes }: Line): unknown {
  if (!bytes) throw new Problem(413, 'too-large', 'The line is longer than 1048576 bytes; send one command a line.');
  return parseJson(bytes);
}

function readLine(number: number, given: unknown, caller: Caller, registry: Registry): SentLine {
  if (!isObject(given))
    throw malformed('line', 'must be a JSON object such as {"command":"OpenOpportunity","key":"…","payload":{…}}');
  const unknown = Object.keys(given).find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined) throw malformed(unknown.slice(0, 100), `is not known here; allowed: ${MEMBERS.join(', ')}`);
  const { command: name, key, payload = {}, occurredAt, ifRevision, onBehalfOf, imported } = given;

  const command = typeof name === 'string' ? registry.commands.get(name) : undefined;
  if (!command?.options.route)
    throw malformed('command', 'must be the name of a command, such as OpenOpportunity; /openapi.json lists them');
  if (!isObject(payload)) throw malformed('payload', 'must be a JSON object');
  if (ifRevision !== undefined && !Number.isSafeInteger(ifRevision))
    throw malformed('ifRevision', 'must be the revision of the stream, a whole number');
  if (key !== undefined && typeof key !== 'string') throw malformed('key', 'must be text: the idempotency key of this command');
  if (occurredAt !== undefined && typeof occurredAt !== 'string')
    throw malformed('occurredAt', 'must be a moment with its zone, such as 2026-01-05T09:00:00Z');
  if (onBehalfOf !== undefined && typeof onBehalfOf !== 'string')
    throw malformed('onBehalfOf', 'must be text: user:, service: or customer: and an internal id');
  if (imported !== undefined && !caller.roles.has('importer')) {
    throw new Problem(403, 'role-needed', 'imported needs the role importer; leave it out, or use a token with that role.', {
      members: { roles: ['importer'] },
    });
  }
  const request: CommandRequest = {
    caller,
    command: command.name,
    payload,
    ...(key !== undefined && { idempotencyKey: idempotencyKeyOf(key, 'key') }),
    ...(ifRevision !== undefined && { ifRevision: ifRevision as number }),
    ...(occurredAt !== undefined && { occurredAt: momentFrom(occurredAt, 'occurredAt') }),
    ...(onBehalfOf !== undefined && { onBehalfOf: actorFrom(onBehalfOf, 'onBehalfOf') }),
    ...(imported !== undefined && { imported: importedOf(imported) }),
  };
  const id = payload[command.aggregate.id] ?? assignedId(command, payload);
  const stream = typeof id === 'string' ? `${command.aggregate.name}-${id}` : key === undefined ? `line ${number}` : `key ${key}`;
  return { line: number, command, request, stream };
}

/** Of some things there is only one, others are named by what they are: their ids need not be given. Undefined for another shape. */
function assignedId({ type, aggregate }: RegisteredCommand, payload: Readonly<Record<string, unknown>>): unknown {
  const { assigned } = commandFields(type).get(aggregate.id) ?? {};
  if (typeof assigned !== 'function') return assigned;
  try {
    return assigned(payload);
  } catch {
    return undefined;
  }
}

function importedOf(given: unknown): Imported {
  if (
    !isObject(given) ||
    typeof given.clock !== 'boolean' ||
    typeof given.cutOver !== 'string' ||
    Object.keys(given).length !== 2
  ) {
    throw malformed('imported', 'must be {"cutOver":"2026-01-05T09:00:00.000Z","clock":false}');
  }
  return { cutOver: momentFrom(given.cutOver, 'imported.cutOver'), clock: given.clock };
}

function refusal(line: number, error: unknown, key: string | undefined, onFault: (error: unknown) => void): LineAnswer {
  const problem = problemOf(error);
  if (problem.status === 500) onFault(error);
  // the place within the line is its column; a line within the line would be taken for one of the request
  const { line: _, ...told } = problemJson(problem) as ProblemJson & { readonly line?: number };
  const shown = told.detail.replace(/ at line 1, column /, ' at column ');
  return { line, ...(key !== undefined && { key }), status: problem.status, problem: { ...told, detail: shown } as ProblemJson };
}

const behindOpen = () =>
  new Problem(503, 'earlier-line-open', 'An earlier line of the same stream was not done; send both again in their order.', {
    retryAfter: 1,
  });

function mayComeAgain(error: unknown): boolean {
  const { status, options } = problemOf(error);
  return status === 429 || status === 503 || (status === 409 && options.retryAfter !== undefined);
}

/** The key that a line gives, so that its sender finds it again although the line is refused. */
const keyIn = (given: unknown): string | undefined =>
  isObject(given) && typeof given.key === 'string' && given.key.length <= 255 ? given.key : undefined;

const keyOf = ({ request: { idempotencyKey } }: SentLine) => (idempotencyKey === undefined ? {} : { key: idempotencyKey });
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Who wants in waits, first come first served, until the condition holds. */
class Room {
  count = 0;
  size = 0;
  readonly #waiting: { readonly fits: () => boolean; readonly size: number; readonly enter: () => void }[] = [];
  #emptied: (() => void) | undefined;

  async enter(size: number, fits: () => boolean): Promise<void> {
    if (this.#waiting.length === 0 && fits()) this.#add(size);
    else await new Promise<void>((enter) => this.#waiting.push({ fits, size, enter }));
  }

  leave(size: number): void {
    this.count--;
    this.size -= size;
    for (let next = this.#waiting[0]; next?.fits(); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#add(next.size);
      next.enter();
    }
    if (this.count === 0) this.#emptied?.();
  }

  async empty(): Promise<void> {
    if (this.count > 0) await new Promise<void>((resolve) => (this.#emptied = resolve));
  }

  #add(size: number): void {
    this.count++;
    this.size += size;
  }
}
