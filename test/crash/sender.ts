import type { CommandAnswer } from '#runtime';
import type { ServerProcess } from '../support/server.js';
import type { Entry, Journal, SentCommand } from './journal.js';

const ROUTES: Readonly<Record<string, (payload: Readonly<Record<string, unknown>>) => string>> = {
  OpenOpportunity: () => '/opportunities',
  AdvanceOpportunity: ({ opportunityId }) => `/opportunities/${opportunityId}/advance`,
  CorrectOpportunity: ({ opportunityId }) => `/opportunities/${opportunityId}/correct`,
  WinOpportunity: ({ opportunityId }) => `/opportunities/${opportunityId}/win`,
  RegisterCustomer: () => '/customers',
  CreateLead: () => '/leads',
  AssignLead: ({ leadId }) => `/leads/${leadId}/assign`,
  QualifyLead: ({ leadId }) => `/leads/${leadId}/qualify`,
  ConvertLead: ({ leadId }) => `/leads/${leadId}/convert`,
};

/** Sends a command under its key. Undefined where no answer came, or one that says "not now": its outcome is open. */
export async function send(
  server: Pick<ServerProcess, 'url' | 'token'>,
  { key, command, payload }: SentCommand,
): Promise<Entry['outcome']> {
  const path = ROUTES[command]?.(payload);
  if (path === undefined) throw new Error(`No route for ${command}.`);
  try {
    const answer = await fetch(`${server.url}/v1${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${server.token}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify(payload),
    });
    const body = (await answer.json()) as { readonly type?: string };
    if (answer.status < 300) return { state: 'acknowledged', answer: body as unknown as CommandAnswer };
    const code = body.type?.slice('/problems/'.length) ?? '';
    // In flight at another's hands, or stopping: the caller is told to try again.
    if (answer.status >= 500 || code === 'identifier-in-flight') return { state: 'open' };
    return { state: 'refused', status: answer.status, code };
  } catch {
    return { state: 'open' };
  }
}

/** Sends everything again whose outcome is open, under the same keys, until it is known. */
export async function settleOpen(server: ServerProcess, journal: Journal, milliseconds = 30_000): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (journal.open.length > 0) {
    for (const entry of journal.open) entry.outcome = await send(server, entry.sent);
    if (journal.open.length > 0 && Date.now() > deadline)
      throw new Error(`No outcome for ${JSON.stringify(journal.open[0]?.sent)}: ${server.errors()}`);
  }
}
