import { randomUUID } from 'node:crypto';
import type { ServerProcess } from './server-process.js';

/** Opens so many opportunities and gives their ids. */
export const openOpportunities = (server: ServerProcess, count: number): Promise<readonly string[]> =>
  created(server, count, (opportunityId) => ({
    command: 'OpenOpportunity',
    payload: { opportunityId, amount: 100_00, currency: 'EUR' },
  }));

/** Registers so many customers and gives their ids. */
export const registerCustomers = (server: ServerProcess, count: number): Promise<readonly string[]> =>
  created(server, count, (customerId, number) => ({
    command: 'RegisterCustomer',
    payload: { customerId, kind: 'ORGANISATION', name: `Customer Number ${number}` },
  }));

const LINES_A_REQUEST = 2_000;

async function created(
  { url, token }: ServerProcess,
  count: number,
  commandFor: (id: string, number: number) => { readonly command: string; readonly payload: object },
): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, () => randomUUID() as string);
  for (let sent = 0; sent < count; sent += LINES_A_REQUEST) {
    const some = ids.slice(sent, sent + LINES_A_REQUEST);
    const lines = some.map((id, index) => JSON.stringify({ key: id, ...commandFor(id, sent + index) }));
    const answer = await fetch(`${url}/v1/commands`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
      body: `${lines.join('\n')}\n`,
    });
    const answers = (await answer.text()).trim().split('\n');
    const done = answers.filter((text) => (JSON.parse(text) as { status?: number }).status === 201).length;
    if (done !== some.length) throw new Error(`${done} of ${some.length} were created: ${answers[0]}`);
  }
  return ids;
}
