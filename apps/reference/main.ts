import 'reflect-metadata';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { contexts, identity } from '#contexts';
import { type Registry, registryOf, systemContext } from '#runtime';
import { additiveChange, type OpenApiDocument, openApiDocument } from '#web';
import { CLIENT } from './client/generate.js';
import { consumerFixtures } from './consumer/fixtures.js';
import { consumerTypes } from './consumer/types.js';
import { productOf, REFERENCE, referencePages, refusalsOf, SERVED, TOPICS } from './generate.js';
import { lint } from './lint.js';
import { FACTS, type Files, protect, SAMPLES, VIEWS } from './protected/protect.js';
import type { Sample } from './protected/samples.js';
import { brokenTopics } from './protected/topic-schema.js';
import { hiddenCodesIn, withoutRemedy } from './refusals.js';
import { asFiles, committedFiles, filesBelow, writeFiles } from './repository.js';

const HELP = `npm run reference [-- options]        writes docs/reference and what libs/client and libs/consumer have generated
npm run reference:check [-- options]  fails when a file of them differs, or a protected file changed in a way that breaks readers

  --against <commit>       compare the protected files with those of this commit as well (default: the commit before HEAD)
  --same-meaning <view>    the fold of this view was rewritten and makes the same documents: take its text over

Example: npm run reference -- --same-meaning pipeline
`;

/** What the consumer kit knows of the facts. */
const CONSUMER = 'libs/consumer/generated';
const OPENAPI = `${REFERENCE}/openapi.json`;
const root = resolve(fileURLToPath(import.meta.url), '../../../..');
const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    against: { type: 'string' },
    'same-meaning': { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else process.exitCode = run();

function run(): number {
  const registry = registryOf([systemContext, ...contexts]);
  const sources = filesBelow(root, ['libs', 'apps', 'test'], '.ts');
  const refusals = refusalsOf(sources);
  const missing = [
    ...lint(registry),
    ...hiddenCodesIn(productOf(sources).filter(({ path }) => path.startsWith('libs/'))),
    ...withoutRemedy(refusals),
  ];
  if (missing.length > 0) return fail('The reference would have gaps:', missing);

  const committed = committedFiles(root, values.against ?? 'HEAD^', [FACTS, VIEWS, TOPICS, OPENAPI]);
  if (!committed) {
    if (values.against !== undefined) return fail('The commit to compare with cannot be read:', [values.against]);
    process.stdout.write('No commit before this one can be read; protected files are compared with the code only.\n');
  }
  const broken = [...brokenCallers(registry, committed?.get(OPENAPI))];
  const { files, refused } = protect({
    registry,
    identity,
    present: asFiles(filesBelow(root, [FACTS, VIEWS], '.json')),
    ...(committed && { committed: below(committed, FACTS, VIEWS) }),
    sameMeaning: new Set(values['same-meaning']),
  });
  const sabotages = filesBelow(root, ['test/promises'], 'sabotage.json')[0]?.text;
  const pages = referencePages({ registry, identity, sabotages, sources, refusals, earlierSchemas: schemasIn(files) });
  if (committed) broken.push(...brokenTopics(below(committed, TOPICS), pages));
  if (refused.length + broken.length > 0) return fail('Refused:', [...refused, ...broken]);

  const kit: Files = new Map([
    [`${CONSUMER}/facts.ts`, consumerTypes(registry, schemasIn(files))],
    [`${CONSUMER}/fixtures.ts`, consumerFixtures(registry, samplesIn(files))],
  ]);
  const wanted = new Map([...pages, ...files, ...kit]);
  if (!values.check) {
    const written = writeFiles(root, wanted);
    process.stdout.write(`${wanted.size} generated files, ${written} of them written.\n`);
    return 0;
  }
  const there = asFiles([
    ...filesBelow(root, [CONSUMER], '.ts'),
    ...filesBelow(root, [REFERENCE], '.md'),
    ...filesBelow(root, [REFERENCE], '.json'),
    ...filesBelow(root, [CLIENT, SERVED], '.ts'),
  ]);
  const differing = [...wanted].filter(([path, text]) => there.get(path) !== text).map(([path]) => path);
  if (differing.length > 0) return fail('Out of date; run npm run reference and commit:', differing);
  process.stdout.write(`${wanted.size} generated files are right.\n`);
  return 0;
}

function below(files: Files, ...folders: readonly string[]): Files {
  return new Map([...files].filter(([path]) => folders.some((folder) => path.startsWith(`${folder}/`))));
}

/** By `<type>.v<version>`. */
function schemasIn(files: Files): ReadonlyMap<string, object> {
  return parsedIn<object>(files, FACTS);
}

function samplesIn(files: Files): ReadonlyMap<string, Sample> {
  return parsedIn<Sample>(files, SAMPLES);
}

function parsedIn<T>(files: Files, folder: string): ReadonlyMap<string, T> {
  const paths = [...files.keys()].filter((path) => path.slice(0, path.lastIndexOf('/')) === folder);
  return new Map(
    paths.map((path) => [path.slice(folder.length + 1, -'.json'.length), JSON.parse(files.get(path) as string) as T]),
  );
}

/** Within `/v1` changes are additive: what a caller of the committed document relies on stays. */
function brokenCallers(registry: Registry, before: string | undefined): readonly string[] {
  if (before === undefined) return [];
  const changes = additiveChange(JSON.parse(before) as OpenApiDocument, openApiDocument(registry));
  return changes.map((change) => `${OPENAPI}: ${change} Within /v1 changes are additive; callers rely on it.`);
}

function fail(what: string, lines: readonly string[]): number {
  process.stderr.write(`${what}\n${lines.map((line) => `  ${line}\n`).join('')}`);
  return 1;
}
