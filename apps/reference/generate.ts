import type { MergeFacts } from '#kernel';
import type { Registry } from '#runtime/registry';
import { topicSchemas } from '#runtime/relay/index';
import { asyncApiDocument, endpointsOf, logEvents, openApiDocument } from '#web';
import { clientFiles } from './client/generate.js';
import { cliPage } from './pages/cli.js';
import { commandsPage } from './pages/commands.js';
import { configurationPage } from './pages/configuration.js';
import { factsPage } from './pages/facts.js';
import { httpPage } from './pages/http.js';
import { capabilitiesPage, logEventsPage, problemsFile, problemsPage, processesPage, rolesPage } from './pages/others.js';
import { promisesPage } from './pages/promises.js';
import { viewsPage } from './pages/views.js';
import { type Files, json } from './protected/protect.js';
import { type Refusal, refusalsIn, type Source } from './refusals.js';

export interface Definitions {
  readonly registry: Registry;
  readonly identity: MergeFacts | undefined;
  /** Committed schemas of facts, by `<type>.v<version>`. */
  readonly earlierSchemas: ReadonlyMap<string, object>;
  /** `test/promises/sabotage.json`. */
  readonly sabotages: string | undefined;
  /** All TypeScript sources and specs of libs, apps and test. */
  readonly sources: readonly Source[];
  /** As `refusalsOf` finds them in the sources. */
  readonly refusals: readonly Refusal[];
}

/** What a running server says of its problems. */
export const SERVED = 'libs/web/generated';
const PROBLEMS = `${SERVED}/problems.ts`;
export const REFERENCE = 'docs/reference';
export const TOPICS = `${REFERENCE}/topics`;

/** Sources without specs, their samples and what serves them. */
export const productOf = (sources: readonly Source[]): readonly Source[] =>
  sources.filter(({ path }) => !/\.(spec|samples)\.ts$/.test(path) && !path.includes('/testing/') && !path.startsWith('test/'));

/** What the servers refuse with. */
export const refusalsOf = (sources: readonly Source[]): readonly Refusal[] =>
  refusalsIn(productOf(sources).filter(({ path }) => !/^(apps\/(cli|reference)|libs\/(client|consumer))\//.test(path)));

/** The generated pages by path, the protected files apart. */
export function referencePages({ registry, sources, refusals, sabotages, earlierSchemas }: Definitions): Files {
  const isSpec = ({ path }: Source) => path.endsWith('.spec.ts');
  const product = productOf(sources);
  const pages: Record<string, string> = {
    'commands.md': commandsPage(registry, product),
    'facts.md': factsPage(registry),
    'views.md': viewsPage(registry),
    'processes.md': processesPage(registry),
    'roles.md': rolesPage(registry),
    'capabilities.md': capabilitiesPage(registry, sources.filter(isSpec)),
    'problems.md': problemsPage(refusals),
    'http.md': httpPage(endpointsOf(registry)),
    'promises.md': promisesPage(sources, sabotages),
    'log-events.md': logEventsPage(logEvents),
    'configuration.md': configurationPage(),
    'cli.md': cliPage(),
    'openapi.json': json(openApiDocument(registry)),
    'asyncapi.json': json(asyncApiDocument(registry, { earlierSchemas })),
  };
  for (const { topic, schema } of topicSchemas(registry)) pages[`topics/${topic}.json`] = json(schema);
  return new Map([
    ...Object.entries(pages).map(([name, text]): [string, string] => [`${REFERENCE}/${name}`, text]),
    ...clientFiles(registry, refusals),
    [PROBLEMS, problemsFile(refusals)],
  ]);
}
