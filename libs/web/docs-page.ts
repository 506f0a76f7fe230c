import type { JsonSchema } from '#runtime/commands/validation';
import { problems } from './generated/problems.js';
import type { OpenApiDocument, Operation } from './openapi.js';
import { titleOf, titles } from './problem-json.js';

/** The OpenAPI document as one page: no script, nothing loaded from elsewhere, readable offline. */
export function docsPage({ info, tags, paths, components }: OpenApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const sections = tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(String(name)));
    const entries = own.map(({ path, method, operation }) => operationHtml(method, path, operation));
    return `<section id="tag-${escaped(name)}"><h2>${escaped(name)}</h2><p>${escaped(description)}</p>${entries.join('')}</section>`;
  });
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) =>
      `<details id="schema-${escaped(name)}"><summary><code>${escaped(name)}</code> ${escaped(schema.description ?? '')}</summary>${schemaHtml(schema)}</details>`,
  );
  const contents = [...tags.map(({ name }) => String(name)), 'schemas'].map(
    (name) => `<a href="#tag-${escaped(name)}">${escaped(name)}</a>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(info.title)} API</title><style>${STYLE}</style></head>
<body><header><h1>${escaped(info.title)} API</h1><p>${escaped(info.description)}</p><p>The same for tools: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1)</p>
<nav>${contents.join(' · ')}</nav></header><main>${sections.join('\n')}
<section id="tag-schemas"><h2>schemas</h2>${schemas.join('\n')}</section></main></body></html>`;
}

/** The page of a type of problem; undefined where there is none. */
export function problemPage(code: string): string | undefined {
  const known = Object.hasOwn(problems, code) ? problems[code] : undefined;
  if (!known) return undefined;
  const statuses = known.statuses.map((status) => `${status} ${titles[status] ?? ''}`.trim()).join(', ');
  const texts = known.texts.map((text) => `<li>${escaped(text)}</li>`).join('');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(titleOf(code))}</title><style>${STYLE}</style></head>
<body><header><h1>${escaped(titleOf(code))}</h1><p><code>${escaped(code)}</code>, status ${escaped(statuses)}</p></header>
<main><ul>${texts}</ul><p class="quiet">… stands for what is filled in. All routes: <a href="/docs">/docs</a></p></main></body></html>`;
}

const STYLE = `
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:0 auto;padding:1rem}
code,pre{font-family:ui-monospace,monospace;font-size:.9em}details{border-top:1px solid #8884;padding:.4rem 0}summary{cursor:pointer}
.m{display:inline-block;min-width:3.2em;font-weight:600}.get{color:#1a7f37}.post{color:#0969da}table{border-collapse:collapse;margin:.5rem 0}
td,th{text-align:left;vertical-align:top;padding:.15rem .8rem .15rem 0}th{font-weight:600}pre{overflow:auto;background:#8881;padding:.6rem}.quiet{opacity:.75}`;

function operationHtml(method: string, path: string, operation: Operation): string {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const roles = operation['x-roles'];
  const who =
    operation.security.length === 0
      ? 'No token needed.'
      : roles
        ? `Needs one of the roles ${roles.join(', ')}.`
        : 'Needs a token.';
  const rows = parameters.map(
    ({ name, in: place, description: says, required, schema }) =>
      `<tr><td><code>${escaped(name)}</code></td><td>${escaped(place)}${required ? ', required' : ''}</td><td>${escaped(typeText(schema as JsonSchema))}</td><td>${escaped(says)}</td></tr>`,
  );
  const answers = Object.entries(responses).map(
    ([status, response]) => `<tr><td>${status}</td><td>${answerHtml(response)}</td></tr>`,
  );
  return `<details id="${escaped(operationId)}"><summary><span class="m ${method}">${method.toUpperCase()}</span> <code>${escaped(path)}</code> ${escaped(summary)}</summary>
${description ? `<p>${escaped(description)}</p>` : ''}<p class="quiet">${escaped(who)}</p>
${rows.length > 0 ? `<table><tr><th>parameter</th><th>where</th><th>kind</th><th></th></tr>${rows.join('')}</table>` : ''}
${requestBody ? `<h4>Body</h4>${contentHtml(requestBody)}` : ''}<h4>Answers</h4><table>${answers.join('')}</table></details>`;
}

function answerHtml(response: JsonSchema): string {
  if (typeof response.$ref === 'string') return `<a href="#schema-Problem">Problem</a>`;
  return `${escaped(response.description)} ${Object.entries(contentsOf(response))
    .map(([type, { schema = {} }]) => `<code>${escaped(type)}</code> ${linkOf(schema)}`)
    .join(', ')}`;
}

function contentHtml(part: JsonSchema): string {
  return Object.entries(contentsOf(part))
    .map(([type, { schema = {}, example }]) => {
      const shown = example === undefined ? '' : `<pre>${escaped(JSON.stringify(example, null, 2))}</pre>`;
      return `<p><code>${escaped(type)}</code> ${linkOf(schema)}</p>${schema.properties ? schemaHtml(schema) : ''}${shown}`;
    })
    .join('');
}

function schemaHtml(schema: JsonSchema): string {
  const required = (schema.required ?? []) as readonly string[];
  const rows = Object.entries((schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>).map(([name, field]) => {
    const marks = [
      required.includes(name) && 'required',
      field['x-personal'] && 'personal, sealed',
      field['x-unit'] && `in ${field['x-unit']}`,
    ];
    const nested = (field.items ?? field) as JsonSchema;
    return `<tr><td><code>${escaped(name)}</code></td><td>${escaped([typeText(field), ...marks].filter(Boolean).join('; '))} ${linkOf(nested)}</td><td>${escaped(field.description ?? '')}${nested.properties ? schemaHtml(nested) : ''}</td></tr>`;
  });
  return rows.length > 0 ? `<table>${rows.join('')}</table>` : '';
}

function typeText(schema: JsonSchema): string {
  const values = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  if (Array.isArray(values)) return values.join(' | ');
  if (schema.type === 'array') return `list of ${typeText((schema.items ?? {}) as JsonSchema) || 'values'}`;
  return [schema.type, schema.format].filter(Boolean).join(', ');
}

function linkOf(schema: JsonSchema): string {
  const references = [schema, ...((schema.oneOf ?? []) as readonly JsonSchema[])].flatMap(({ $ref }) =>
    typeof $ref === 'string' ? [$ref.split('/').at(-1) as string] : [],
  );
  return references.map((name) => `<a href="#schema-${escaped(name)}">${escaped(name)}</a>`).join(' or ');
}

const contentsOf = (part: JsonSchema) =>
  (part.content ?? {}) as Readonly<Record<string, { schema?: JsonSchema; example?: unknown }>>;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: unknown): string => String(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
