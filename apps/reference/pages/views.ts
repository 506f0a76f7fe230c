import type { AnyView } from '#kernel';
import type { Registry } from '#runtime/registry';
import { code, codes, page, sentence, table } from '../markdown.js';
import { fieldsOf, type Schema, typeText } from '../schema-text.js';

/** Every view: who may read it, what its documents hold, what may be asked of it. */
export function viewsPage(registry: Registry): string {
  const contexts = registry.contexts
    .filter(({ views = [] }) => views.length > 0)
    .map(({ name, views = [] }) => [`## ${name}`, ...views.map(viewPart)].join('\n\n'));
  return page('Views', 'the view definitions', INTRODUCTION, ...contexts);
}

const INTRODUCTION = `A view is read at \`GET /v1/views/<view>\` (a list, or groups) and \`GET /v1/views/<view>/<key>\` (a document). Every view
answers for any day: \`asOf\`, \`knownAt\`, \`position\`. What a query may ask is in [HTTP](http.md#views). Beside the roles that a view
names, \`analyst\` and \`auditor\` may read every view.`;

function viewPart(view: AnyView): string {
  const sums = Object.entries(view.sums ?? {}) as [string, string | null][];
  const filters = new Set(view.filters as readonly string[]);
  const about = [
    `- Address: ${code(`GET /v1/views/${view.name}`)}`,
    `- Version ${view.version}`,
    `- Roles: ${view.roles.join(', ')}`,
    `- Follows: ${Object.keys(view.facts).join(', ')}`,
    view.sort ? `- Default order: ${code(view.sort)}${view.sort.startsWith('-') ? ' (descending)' : ''}` : '',
    sums.length > 0
      ? `- Sums: ${sums.map(([field, currency]) => code(field) + (currency ? ` by ${code(currency)}` : '')).join(', ')}`
      : '',
    view.customer ? `- A filter on ${code(view.customer)} finds what belongs to all customers that were merged` : '',
    view.shows ? '- Documents that it does not show are kept, for they may be shown again' : '',
    view.merge ? '- Customers that were merged are shown as one, under the survivor' : '',
    view.capabilities.length > 0 ? `- Serves: ${view.capabilities.join(', ')}` : '',
  ];
  const rows = fieldsOf(view.document as Schema).map(({ path, required, schema }) => [
    code(path),
    typeText(schema),
    [required ? 'always there' : '', filters.has(path) ? 'filter, sort, group' : ''].filter(Boolean).join('; '),
    sentence(schema.description ?? ''),
  ]);
  const periods = (view.filters as readonly string[]).filter((field) => isMoment((view.document as Schema).properties?.[field]));
  const byPeriod =
    periods.length === 0 ? '' : `Can be grouped by ${codes([':day', ':month', ':quarter', ':year'])}: ${codes(periods)}.`;
  return [
    `### ${view.name}`,
    sentence(view.description),
    about.filter(Boolean).join('\n'),
    table(['field', 'type', '', 'meaning'], rows),
    byPeriod,
  ]
    .filter(Boolean)
    .join('\n\n');
}

const isMoment = (schema: Schema | undefined): boolean => schema?.format === 'date-time' || (schema?.anyOf ?? []).some(isMoment);
