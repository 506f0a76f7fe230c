import type { Client } from '../cli/client/client.js';
import { definitions } from '../cli/definitions.js';
import { formatMoney } from '../cli/output/money.js';
import { inDeclaredOrder } from '../cli/output/order.js';
import { cellsOf, moneyFields, sheet, table } from '../cli/output/table.js';

interface Group {
  readonly phase: string;
  readonly currency: string;
  readonly count: number;
  readonly amount: number;
}

interface Definition {
  readonly name: string;
  readonly title: string;
}

const heading = ({ title }: Pick<Definition, 'title'>) => `\n${title}\n${'═'.repeat([...title].length)}\n`;

/** Phases in their order, today and at the end of an earlier day. */
export async function board(client: Client, phases: readonly string[], day: string, minPosition: string): Promise<string> {
  const ask = async (asOf: string | undefined) =>
    (
      await client.get<{ readonly groups: readonly Group[] }>('/v1/views/pipeline', {
        group: 'phase',
        sum: 'amount',
        minPosition,
        asOf,
      })
    ).groups;
  const [now, then] = [await ask(undefined), await ask(day)];
  const order = [...phases, ...now.map(({ phase }) => phase).filter((phase) => !phases.includes(phase))];
  const found = (groups: readonly Group[], phase: string) => groups.find((group) => group.phase === phase);
  const rows = [...new Set(order)].flatMap((phase) => {
    const [today, before] = [found(now, phase), found(then, phase)];
    if (!today && !before) return [];
    const money = (group: Group | undefined) => ({ text: group ? formatMoney(group.amount, group.currency) : '-', right: true });
    const count = (group: Group | undefined) => ({ text: String(group?.count ?? 0), right: true });
    return [
      {
        phase: { text: phase, right: false },
        today: count(today),
        'amount today': money(today),
        [day]: count(before),
        [`amount ${day}`]: money(before),
      },
    ];
  });
  return `${heading({ title: `The pipeline today, and at the end of ${day}` })}${table(rows)}\n`;
}

interface Verdicts {
  readonly target: string;
  readonly priority: string;
  readonly count: number;
  readonly fulfilled: number;
  readonly failed: number;
}

/** How many promises to customers were kept, of those that were judged. */
export async function verdicts(client: Client, minPosition: string): Promise<string> {
  const { groups } = await client.get<{ readonly groups: readonly Verdicts[] }>('/v1/views/sla', {
    group: 'target,priority',
    sum: 'fulfilled,failed',
    minPosition,
  });
  const right = (number: number) => ({ text: String(number), right: true });
  const rows = groups.map(({ target, priority, count, fulfilled, failed }) => ({
    target: { text: target, right: false },
    priority: { text: priority, right: false },
    fulfilled: right(fulfilled),
    failed: right(failed),
    pending: right(count - fulfilled - failed),
  }));
  return `${heading({ title: 'What customers were promised, and whether it was kept' })}${table(rows)}\n`;
}

/** One document of a view, as a sheet. */
export async function document(client: Client, view: string, key: string, title: string): Promise<string> {
  const { document } = await client.get<{ readonly document: Readonly<Record<string, unknown>> }>(`/v1/views/${view}/${key}`);
  const shown = inDeclaredOrder(document, definitions().views.get(view)?.document) as Readonly<Record<string, unknown>>;
  return `${heading({ title })}${sheet(shown, moneyFields(shown))}\n`;
}

/** The customer with the most won opportunities, and its latest order if it has one. */
export async function busiestCustomer(client: Client): Promise<string | undefined> {
  const { groups } = await client.get<{
    readonly groups: readonly { readonly customerId?: string | null; readonly count: number }[];
  }>('/v1/views/pipeline', { group: 'customerId', status: 'WON' });
  return groups.filter(({ customerId }) => customerId).sort((one, other) => other.count - one.count)[0]?.customerId ?? undefined;
}

export const list = (rows: readonly Readonly<Record<string, unknown>>[]): string => table(rows.map((row) => cellsOf(row)));

/** Three lines to paste into a shell; the token is read from its file. */
export function curls(
  url: string,
  tokenFile: string,
  { pipelineId, day }: { readonly pipelineId: string; readonly day: string },
): string {
  const token = `-H "Authorization: Bearer $(cat '${tokenFile}')"`;
  const send = `curl -s ${token} -H 'Content-Type: application/json' -H 'Idempotency-Key: try-it-1' -d '{"pipelineId":"${pipelineId}","amount":5000000,"currency":"EUR"}' ${url}/v1/opportunities`;
  return [
    heading({ title: 'Try it' }),
    'A command: opens an opportunity.',
    `  ${send}`,
    'Its retry, the same line: the same answer, and still one opportunity.',
    `  ${send}`,
    `The pipeline as it was at the end of ${day}.`,
    `  curl -s ${token} '${url}/v1/views/pipeline?group=phase&sum=amount&asOf=${day}'`,
    '',
  ].join('\n');
}
