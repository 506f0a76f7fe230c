import { randomUUID } from 'node:crypto';
import type { ServerProcess } from './server-process.js';

/** Opens so many opportunities and gives their ids. */
export async function openOpportunities({ url, token }: ServerProcess, count: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, () => randomUUID() as string);
  const line = (opportunityId: string) =>
    JSON.stringify({
      command: 'OpenOpportunity',
      key: opportunityId,
      payload: { opportunityId, amount: 100_00, currency: 'EUR' },
    });
  const answer = await fetch(`${url}/v1/commands`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
    body: `${ids.map(line).join('\n')}\n`,
  });
  const lines = (await answer.text()).trim().split('\n');
  const created = lines.filter((text) => (JSON.parse(text) as { status?: number }).status === 201).length;
  if (created !== count) throw new Error(`${created} of ${count} opportunities were opened: ${lines[0]}`);
  return ids;
}
