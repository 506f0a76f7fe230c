import { type BatchLine, Client } from '../cli/client/client.js';
import { describe, exitCodes, Failure } from '../cli/client/problems.js';
import { Sender } from '../cli/client/sender.js';

const WINDOW = 1000;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Who sends: erasures take a privacy officer, who may send nothing else. */
export interface Senders {
  readonly company: Client;
  readonly privacy: Client;
}

/** With a token of a privacy officer of the sample beside the administrator's, which may not erase. */
export async function sendersFor(company: Client): Promise<Senders> {
  const body = { label: 'privacy officer of the sample', roles: ['privacy', 'importer'], holder: crypto.randomUUID() };
  const { token } = await company.post<{ token: string }>('/v1/admin/tokens', body);
  return { company, privacy: new Client(company.url, token) };
}

/**
 * Sends commands in their order. Within a request the server keeps the order of each stream only, so what refers to a thing
 * that comes into being in the same window goes into a later request. Throws at the first refusal: a sample has none.
 */
export async function sendHistory(
  senders: Senders,
  commands: readonly BatchLine[],
  sent: (count: number) => void,
): Promise<readonly string[]> {
  const company = new Sender(senders.company);
  const privacy = new Sender(senders.privacy);
  const processes: string[] = [];
  let count = 0;
  for (let from = 0; from < commands.length; from += WINDOW) {
    for (const wave of wavesOf(commands.slice(from, from + WINDOW))) {
      const erasures = wave.filter(isErasure);
      const others = wave.filter((line) => !isErasure(line));
      const outcomes = new Map([
        ...(await company.send(others, () => sent(++count))),
        ...(await privacy.send(erasures, () => sent(++count))),
      ]);
      for (const line of wave) {
        const outcome = outcomes.get(line.key);
        if (!outcome || 'problem' in outcome)
          throw new Failure(
            exitCodes.refused,
            `The sample's ${line.command} of ${line.occurredAt ?? 'today'} was refused: ${outcome ? describe(outcome.problem) : 'no answer'}`,
          );
        if (outcome.answer.process !== undefined) processes.push(outcome.answer.process);
      }
    }
  }
  return processes;
}

/** After these a customer cannot be referred to, whatever came before: they begin a wave of their own. */
const ENDING: ReadonlySet<string> = new Set(['EraseCustomer', 'MergeCustomers']);
const isErasure = ({ command }: BatchLine): boolean => command === 'EraseCustomer' || command === 'EraseLead';

/** Groups in which no command refers to a thing that another command of its group works on. */
export function wavesOf(commands: readonly BatchLine[]): readonly (readonly BatchLine[])[] {
  const waves: BatchLine[][] = [];
  const lastOf = new Map<string, number>();
  const lastNamed = new Map<string, number>();
  for (const command of commands) {
    const [own, ...others] = JSON.stringify(command.payload).match(UUID) ?? [''];
    const behind = ENDING.has(command.command) ? (lastNamed.get(own) ?? -1) + 1 : 0;
    const wave = Math.max(behind, lastOf.get(own) ?? 0, ...others.map((id) => (id === own ? 0 : (lastOf.get(id) ?? -1) + 1)));
    lastOf.set(own, wave);
    for (const id of [own, ...others]) lastNamed.set(id, Math.max(lastNamed.get(id) ?? 0, wave));
    waves[wave] ??= [];
    waves[wave]?.push(command);
  }
  return waves;
}

/** Milliseconds that views and processes are waited for: on distributed engines they follow at a distance. */
const PATIENCE = 120_000;

/** Waits until the processes have finished what was accepted. */
export async function finished(client: Client, processes: readonly string[]): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  for (const id of processes) {
    for (;;) {
      const response = await client.raw(`/v1/processes/${id}`);
      const { status } = (response.ok ? await response.json() : { status: 'RUNNING' }) as { status: string };
      if (status !== 'RUNNING') break;
      if (Date.now() > deadline)
        throw new Failure(exitCodes.refused, `The process ${id} did not finish within ${PATIENCE / 1000} s.`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Waits until every view has what is in the log now, and gives the position of the newest fact of that. */
export async function caughtUp(client: Client): Promise<string> {
  const deadline = Date.now() + PATIENCE;
  const { head } = await health(client);
  for (;;) {
    const { readers } = await health(client);
    const behind = readers.find(({ kind, position = '' }) => kind === 'view' && position < head);
    if (!behind) return head;
    if (Date.now() > deadline)
      throw new Failure(exitCodes.refused, `The view ${behind.name} was still behind after ${PATIENCE / 1000} s.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

interface Health {
  readonly head: string;
  readonly readers: readonly { readonly name: string; readonly kind: string; readonly position?: string }[];
}

const health = async (client: Client) => (await (await client.raw('/health/ready')).json()) as Health;
