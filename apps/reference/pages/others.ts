import { roles } from '#kernel';
import type { Registry } from '#runtime/registry';
import { capabilityGaps } from '../capability-gaps.js';
import { capabilityTitles } from '../capability-titles.js';
import { anchor, code, page, sentence, table } from '../markdown.js';
import type { Refusal, Source } from '../refusals.js';

export function processesPage(registry: Registry): string {
  const parts = [...registry.processes.values()].map(({ name, description, startsFrom, facts, capabilities }) => {
    const triggers = Object.keys(facts).map((type) => `[${type}](facts.md#${anchor(type)})`);
    const about = [
      `- Started by: ${triggers.join(', ')}`,
      `- ${startsFrom === 'zero' ? 'Reacts to all facts there are, from the first one' : 'Reacts to facts recorded after it was first deployed'}`,
      capabilities.length > 0 ? `- Serves: ${capabilities.join(', ')}` : '',
    ];
    return [`## ${name}`, sentence(description), about.filter(Boolean).join('\n')].join('\n\n');
  });
  const introduction = `A process reacts to facts with commands. Each run has a stream of its own and can be read at
\`GET /v1/processes/<id>\`; the view [processes](views.md#processes) lists them. How it works: [processes](../explanation/processes.md).`;
  return page('Processes', 'the process definitions', introduction, ...parts);
}

export function rolesPage(registry: Registry): string {
  const rows = Object.entries(roles).map(([role, what]) => [code(role), what]);
  const parts = Object.keys(roles).map((role) => {
    const commands = [...registry.commands.values()].filter(({ options }) =>
      (options.roles as readonly string[] | undefined)?.includes(role),
    );
    const views = [...registry.views.values()].filter((view) => (view.roles as readonly string[]).includes(role));
    const list = [
      commands.length > 0 ? `- Commands: ${commands.map(({ name }) => `[${name}](commands.md#${anchor(name)})`).join(', ')}` : '',
      views.length > 0 ? `- Views: ${views.map(({ name }) => `[${name}](views.md#${anchor(name)})`).join(', ')}` : '',
    ].filter(Boolean);
    return list.length === 0 ? '' : [`## ${role}`, list.join('\n')].join('\n\n');
  });
  return page(
    'Roles',
    'the kernel and the definitions',
    'A token has roles; a command and a view name the roles that may use them.',
    table(['role', 'what it may do'], rows),
    ...parts,
  );
}

const gapOf = (id: string): string => capabilityGaps[id] ?? '';

/** Capability → what serves it, what of it is not served, and which specs cite it. */
export function capabilitiesPage(registry: Registry, specs: readonly Source[]): string {
  const served = new Map<string, string[]>();
  const add = (ids: readonly string[], what: string) => {
    for (const id of ids) served.set(id, [...(served.get(id) ?? []), what]);
  };
  for (const { name, options } of registry.commands.values())
    add(options.capabilities ?? [], `[${name}](commands.md#${anchor(name)})`);
  for (const { name, capabilities } of registry.views.values()) add(capabilities, `view [${name}](views.md#${anchor(name)})`);
  for (const { name, capabilities } of registry.processes.values())
    add(capabilities, `process [${name}](processes.md#${anchor(name)})`);
  const citing = (id: string) =>
    specs.filter(({ text }) => text.includes(id)).map(({ path }) => `[${path.slice(path.lastIndexOf('/') + 1)}](../../${path})`);
  const rows = Object.entries(capabilityTitles)
    .filter(([id]) => served.has(id))
    .map(([id, title]) => [id, title, (served.get(id) ?? []).join(', '), gapOf(id), citing(id).join(', ')]);
  const open = Object.entries(capabilityTitles)
    .filter(([id]) => !served.has(id))
    .map(([id, title]) => [id, title]);
  const introduction = `What a CRM must be able to do, by id; ${rows.length} of ${rows.length + open.length} are served, in full or in part. Specs cite the ids.`;
  return page(
    'Capabilities',
    'the definitions and the specs',
    introduction,
    table(['id', 'capability', 'served by', 'not served of it', 'specs'], rows),
    '## Not served yet',
    table(['id', 'capability'], open),
  );
}

export function logEventsPage(events: Readonly<Record<string, readonly [level: string, says: string]>>): string {
  const rows = Object.entries(events).map(([name, [level, says]]) => [code(name), level, says]);
  const introduction = `The log of the server is JSON lines on standard error. \`event\` names what happened; the names are stable, the texts beside
them are not. No line holds personal data, a body, a token or an address.`;
  return page('Log events', 'the list of the server', introduction, table(['event', 'level', 'what it says'], rows));
}

interface ProblemKind {
  readonly code: string;
  readonly statuses: readonly number[];
  readonly texts: readonly string[];
}

function byCode(refusals: readonly Refusal[]): readonly ProblemKind[] {
  return [...new Set(refusals.map(({ code }) => code))].map((code) => {
    const all = refusals.filter((refusal) => refusal.code === code);
    return {
      code,
      statuses: [...new Set(all.map(({ status }) => status))],
      texts: [...new Set(all.flatMap(({ texts }) => texts))],
    };
  });
}

/** The same for the server, which answers at the address that a problem names as its type. */
export const problemsFile = (
  refusals: readonly Refusal[],
): string => `// Generated by \`npm run reference\` from the sources. Do not edit.

/** Each problem by its code: its statuses and its texts, with … for what is filled in. */
export const problems: Readonly<Record<string, { readonly statuses: readonly number[]; readonly texts: readonly string[] }>> = {
${byCode(refusals)
  .map(({ code, statuses, texts }) => `  ${JSON.stringify(code)}: ${JSON.stringify({ statuses, texts })},`)
  .join('\n')}
};
`;

export function problemsPage(refusals: readonly Refusal[]): string {
  const parts = byCode(refusals).map(({ code: name, statuses, texts }) => {
    const listed = texts.map((text) => `- ${text}`);
    return [`### ${name}`, `Status ${statuses.join(', ')}.`, listed.join('\n')].filter(Boolean).join('\n\n');
  });
  const introduction = `A refusal is \`application/problem+json\` (RFC 9457). Its \`type\` is \`/problems/<code>\`; the codes are stable and part of the
contract, the texts are not. \`detail\` says what is the matter and what to do; \`errors\` has one entry for each field
that is wrong, also where a rule of the domain refuses its value. In the texts \`…\` stands for what is filled in.`;
  return page('Problems', 'the sources', introduction, STATUSES, '## Who was erased', ERASED, '## Codes', ...parts);
}

const ERASED = `A command that a rule keeps from those who are erased, such as a new order or contact, is refused by that rule: 422
[customer-erased](#customer-erased), whatever is in it. What may go on without them, such as invoicing a confirmed order, goes on; only personal
fields cannot be recorded any more: 410 [erased](#erased). Reading is refused by neither: documents and facts are answered (200), with
\`{"erased":true}\` where something personal was. [Erase a person](../how-to/erase-a-person.md).`;

const STATUSES = table(
  ['status', 'meaning', 'what to do'],
  [
    ['400', 'the request has the wrong shape', 'correct it'],
    ['401', 'no token, or one that is unknown, expired or revoked', 'use a valid token'],
    ['403', 'the token lacks a role', 'ask for a token with it'],
    ['404', 'there is no such thing', 'check the address'],
    ['409', 'somebody else has it, or the same key is in flight', 'use the existing one, or wait'],
    [
      '410',
      'the person was erased (`erased`), or the position is of another log (`foreign-position`)',
      'leave personal fields out; ask without the position',
    ],
    ['412', 'the stream is not at the revision of If-Match', 'read again, decide again'],
    ['413', 'too large', 'send less at once'],
    ['422', 'a rule of the domain refuses, or the key was used for another body', 'what the text says'],
    ['429', 'too many requests', 'wait as Retry-After says'],
    ['503', 'not now; the outcome may be unknown', 'send the same command with the same key again'],
  ],
);
