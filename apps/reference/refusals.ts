/** A stable code that a refusal may carry. Status 422 where a rule of the domain refuses. */
export interface Refusal {
  readonly code: string;
  readonly status: number;
  /** Its texts as the source has them; `…` stands for what is filled in. */
  readonly texts: readonly string[];
}

export interface Source {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

const QUOTED = String.raw`(?:'((?:[^'\\]|\\.)*)'|\x60((?:[^\x60\\]|\\.)*)\x60)`;
const REFUSE = new RegExp(String.raw`\brefuse\(\s*'([a-z0-9-]+)',\s*${QUOTED}`, 'g');
const PROBLEM = new RegExp(String.raw`\b\w+\(\s*([45]\d\d),\s*'([a-z0-9-]+)'(?:,\s*${QUOTED})?`, 'g');

/** Every code in the sources, by code. */
export function refusalsIn(sources: readonly Source[]): readonly Refusal[] {
  const found = new Map<string, { status: number; texts: Set<string> }>();
  const add = (status: number, code: string, text: string | undefined) => {
    const known = found.get(`${code} ${status}`) ?? { status, texts: new Set() };
    if (text) known.texts.add(shown(text));
    found.set(`${code} ${status}`, known);
  };
  for (const { text } of sources) {
    for (const [, code = '', plain, template] of text.matchAll(REFUSE)) add(422, code, plain ?? template);
    for (const [, status, code = '', plain, template] of text.matchAll(PROBLEM)) add(Number(status), code, plain ?? template);
  }
  return [...found]
    .map(([key, { status, texts }]) => ({ code: key.slice(0, key.indexOf(' ')), status, texts: [...texts].sort() }))
    .sort((one, other) => (one.code < other.code ? -1 : one.code > other.code ? 1 : one.status - other.status));
}

/** Texts that say only what is the matter, one line each: what to do about it stands behind it, after `;` or `:` or as another sentence, or is all. */
export const withoutRemedy = (refusals: readonly Refusal[]): readonly string[] =>
  refusals.flatMap(({ code, texts }) =>
    texts
      .filter((text) => !/[.;:] \S|^(Send|Say|Name) /.test(text))
      .map((text) => `The refusal ${code} does not say what to do about it: "${text}"`),
  );

/**
 * A decision's text with that of the functions that it calls: of its folder, and of other folders those that its folder imports and
 * that one of the sources alone exports.
 */
export function reachOf(decision: string, folder: readonly Source[], sources: readonly Source[] = folder): string {
  const reached = [{ text: decision, folder }];
  const seen = new Set<string>();
  for (const { text, folder: from } of reached) {
    for (const [name] of text.matchAll(/\b[A-Za-z_]\w*(?=\()/g)) {
      const called = functionIn(from, name) ?? (imports(from, name) ? exportedBy(sources, name) : undefined);
      if (called === undefined || seen.has(called.text)) continue;
      seen.add(called.text);
      reached.push({ text: called.text, folder: called.of === undefined ? from : besides(called.of, sources) });
    }
  }
  return reached.map(({ text }) => text).join('\n');
}

interface Called {
  readonly text: string;
  /** Where it is, if elsewhere. */
  readonly of?: Source;
}

function functionIn(folder: readonly Source[], name: string): Called | undefined {
  const [found] = folder.flatMap((source) => functionsOf(source).get(name) ?? []);
  return found === undefined ? undefined : { text: found };
}

const imports = (folder: readonly Source[], name: string): boolean =>
  folder.some(({ text }) => new RegExp(`^import \\{[^}]*\\b${name}\\b[^}]*\\} from '\\.`, 'm').test(text));

function exportedBy(sources: readonly Source[], name: string): Called | undefined {
  const found = sources.filter(
    ({ text }) => text.includes(`export function ${name}(`) || text.includes(`export const ${name} = `),
  );
  const [only, other] = found;
  const text = only && functionsOf(only).get(name);
  return text === undefined || other ? undefined : { text, of: only };
}

/** The sources of the folder that one lies in. */
export const besides = ({ path }: Source, sources: readonly Source[]): readonly Source[] =>
  sources.filter((source) => folderOf(source.path) === folderOf(path));

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/'));

const known = new WeakMap<Source, ReadonlyMap<string, string>>();

function functionsOf(source: Source): ReadonlyMap<string, string> {
  const functions = known.get(source) ?? new Map(topLevel(source.text));
  known.set(source, functions);
  return functions;
}

/** The codes with which a text refuses. */
export const codesIn = (text: string): readonly string[] =>
  [...new Set([...text.matchAll(/\brefuse\(\s*['"]([a-z0-9-]+)['"]/g)].map(([, code = '']) => code))].sort();

/** Where a code is made when the refusal happens, so that no page can name it; one line each, empty when all codes are written out. */
export const hiddenCodesIn = (sources: readonly Source[]): readonly string[] =>
  sources.flatMap(({ path, text }) =>
    [...text.matchAll(/(?<!function )\brefuse\(\s*(?!['"\s)])(.*)/g)].map(
      ([, given]) => `${path} refuses with a code that is not written out: ${given}`,
    ),
  );

/** Functions and constants at the top level of a source, by name, each with its text. */
function topLevel(text: string): [string, string][] {
  const starts = [...text.matchAll(/^(?:export )?(?:async )?(?:function|const) (\w+)/gm)];
  return starts.map((start, index) => [start[1] as string, text.slice(start.index, starts[index + 1]?.index)]);
}

/** What is filled in when the text is made, such as `${name}`, is shown as `…`. */
function shown(text: string): string {
  let out = '';
  for (let at = 0, depth = 0; at < text.length; at++) {
    if (depth === 0 && text.startsWith('${', at)) {
      out += '…';
      depth = 1;
      at++;
    } else if (depth > 0) depth += text[at] === '{' ? 1 : text[at] === '}' ? -1 : 0;
    else out += text[at];
  }
  return out.replaceAll("\\'", "'");
}
