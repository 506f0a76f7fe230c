import type { Recorded } from '#kernel';
import type { ServerProcess } from '../support/server.js';
import type { Journal } from './journal.js';
import { send } from './sender.js';

/** What is wrong, in words; empty when every promise was kept. */
export type Verdict = string[];

/** Every acknowledged command is in the log once, and nothing is there that nobody sent. */
export async function judgeLog(server: ServerProcess, journal: Journal): Promise<Verdict> {
  const wrong: Verdict = [];
  const facts = await factsOf(server);
  const byCommand = new Map<string, Recorded[]>();
  const revisions = new Map<string, number>();
  let before = '';
  for (const fact of facts) {
    byCommand.set(fact.commandId, [...(byCommand.get(fact.commandId) ?? []), fact]);
    const expected = (revisions.get(fact.stream) ?? -1) + 1;
    if (fact.revision !== expected) wrong.push(`${fact.stream} has revision ${fact.revision} where ${expected} belongs.`);
    revisions.set(fact.stream, fact.revision);
    if (fact.position <= before) wrong.push(`Position ${fact.position} comes after ${before}.`);
    before = fact.position;
  }
  if (new Set(facts.map(({ id }) => id)).size < facts.length) wrong.push('Two facts have the same id.');

  const sent = new Set<string>();
  for (const { sent: what, outcome } of journal.acknowledged) {
    const { answer } = outcome;
    sent.add(answer.commandId);
    const recorded = byCommand.get(answer.commandId) ?? [];
    const last = recorded.at(-1);
    const asAnswered =
      recorded.map(({ type }) => type).join() === answer.facts.join() &&
      recorded.every(({ stream }) => stream === answer.stream) &&
      (last === undefined || (last.revision === answer.revision && last.position === answer.position));
    if (!asAnswered)
      wrong.push(`${what.command} was answered ${JSON.stringify(answer)}; the log has ${JSON.stringify(recorded)}.`);
  }
  for (const [commandId, recorded] of byCommand) {
    const [first] = recorded;
    // The token of the tests acts as a service; processes and the first start are others.
    if (first?.actor.kind === 'service' && !sent.has(commandId)) wrong.push(`Nobody knows of ${first.type} on ${first.stream}.`);
  }
  return wrong;
}

/** The same keys again give the same answers. */
export async function judgeRetries(server: ServerProcess, journal: Journal, most: number): Promise<Verdict> {
  const wrong: Verdict = [];
  for (const { sent, outcome } of journal.acknowledged.slice(-most)) {
    const again = await send(server, sent);
    if (again.state !== 'acknowledged' || JSON.stringify(again.answer) !== JSON.stringify(outcome.answer))
      wrong.push(`${sent.command} was answered ${JSON.stringify(outcome.answer)}, and again ${JSON.stringify(again)}.`);
  }
  return wrong;
}

/** What a process began is done, once. Waits for it. */
export async function judgeProcesses(server: ServerProcess, milliseconds = 30_000): Promise<Verdict> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const wrong = consequencesMissing(await factsOf(server));
    if (wrong.length === 0 || Date.now() > deadline) return wrong;
    await new Promise((next) => setTimeout(next, 200));
  }
}

/** Every view is what a rebuild makes of the log. */
export async function judgeViews(server: ServerProcess): Promise<Verdict> {
  await ready(server);
  const wrong: Verdict = [];
  const { views } = (await server.get('/v1/views')) as { readonly views: readonly { readonly view: string }[] };
  if (views.length === 0) wrong.push('There are no views.');
  for (const { view } of views) {
    const last = (await rebuild(server, view)).at(-1);
    if (last?.state !== 'identical') wrong.push(`A rebuild of ${view} ends with ${JSON.stringify(last)}.`);
  }
  return wrong;
}

export async function rebuild(server: ServerProcess, view: string): Promise<readonly { readonly state?: string }[]> {
  const answer = await fetch(`${server.url}/v1/admin/views/${view}/rebuild?switch=false`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.token}` },
  });
  return (await answer.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly state?: string });
}

/** Waits until all views and processes have everything. */
export async function ready(server: ServerProcess, milliseconds = 60_000): Promise<void> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const health = (await server.get('/health/ready')) as { readonly readers?: readonly { readonly lagFacts: number }[] };
    if (health.readers?.every(({ lagFacts }) => lagFacts === 0)) return;
    if (Date.now() > deadline) throw new Error(`Readers are behind: ${JSON.stringify(health)}`);
    await new Promise((next) => setTimeout(next, 50));
  }
}

export async function factsOf(server: ServerProcess): Promise<readonly Recorded[]> {
  const answer = await fetch(`${server.url}/v1/facts`, {
    headers: { authorization: `Bearer ${server.token}`, accept: 'application/x-ndjson' },
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Recorded);
}

function consequencesMissing(facts: readonly Recorded[]): Verdict {
  const wrong: Verdict = [];
  const counted = new Map<string, number>();
  for (const fact of facts) {
    for (const [name, id] of Object.entries(fact.data as Record<string, unknown>))
      if (typeof id === 'string') counted.set(`${fact.type} ${name} ${id}`, (counted.get(`${fact.type} ${name} ${id}`) ?? 0) + 1);
  }
  const once = (type: string, name: string, id: unknown) => {
    const count = counted.get(`${type} ${name} ${String(id)}`) ?? 0;
    if (count !== 1) wrong.push(`${type} of ${name} ${String(id)} is there ${count} times.`);
  };
  for (const { type, data } of facts) {
    const { leadId, customerId, contactId, opportunityId } = data as Readonly<Record<string, unknown>>;
    if (type === 'LeadConversionStarted') {
      once('CustomerRegistered', 'customerId', customerId);
      once('ContactAdded', 'contactId', contactId);
      once('OpportunityOpened', 'opportunityId', opportunityId);
      once('LeadConverted', 'leadId', leadId);
    }
    if (type === 'OpportunityWon' && customerId !== undefined) once('OrderPlaced', 'opportunityId', opportunityId);
  }
  return wrong;
}
