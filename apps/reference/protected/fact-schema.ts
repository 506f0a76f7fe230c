export interface Incompatible {
  readonly path: string;
  readonly what: string;
}

/**
 * What a change of a committed schema breaks; empty when it only adds optional fields. Descriptions and examples may change.
 */
export function incompatibilities(before: unknown, after: unknown, path = ''): readonly Incompatible[] {
  const [old, now] = [before, after].map(asRecord);
  if (!old || !now) return same(before, after) ? [] : [{ path, what: `was ${short(before)}, is ${short(after)}` }];
  const found: Incompatible[] = [];
  for (const keyword of new Set([...Object.keys(old), ...Object.keys(now)])) {
    if (NOTES.has(keyword) || keyword === 'properties' || keyword === 'required') continue;
    const inner = asRecord(old[keyword]) && asRecord(now[keyword]);
    if (inner)
      found.push(...incompatibilities(old[keyword], now[keyword], keyword === 'items' ? `${path}[]` : `${path}/${keyword}`));
    else if (!same(withoutNotes(old[keyword]), withoutNotes(now[keyword])))
      found.push({ path, what: `${keyword} was ${short(old[keyword])}, is ${short(now[keyword])}` });
  }
  return [...found, ...fieldChanges(old, now, path)];
}

function fieldChanges(old: Keywords, now: Keywords, path: string): readonly Incompatible[] {
  const was = (old.properties ?? {}) as Keywords;
  const is = (now.properties ?? {}) as Keywords;
  const [required, requiredNow] = [old, now].map((one) => new Set((one.required ?? []) as readonly string[])) as [
    Set<string>,
    Set<string>,
  ];
  const found: Incompatible[] = [];
  for (const [name, field] of Object.entries(was)) {
    const at = path === '' ? name : `${path}.${name}`;
    if (!Object.hasOwn(is, name)) found.push({ path: at, what: 'is gone' });
    else {
      if (required.has(name) !== requiredNow.has(name))
        found.push({ path: at, what: required.has(name) ? 'was required, is optional' : 'was optional, is required' });
      found.push(...incompatibilities(field, is[name], at));
    }
  }
  for (const name of Object.keys(is)) {
    if (!Object.hasOwn(was, name) && requiredNow.has(name))
      found.push({ path: path === '' ? name : `${path}.${name}`, what: 'is new and required' });
  }
  return found;
}

type Keywords = Readonly<Record<string, unknown>>;

const NOTES = new Set(['description', 'title', 'examples', '$comment', '$schema']);

const asRecord = (value: unknown): Keywords | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Keywords) : undefined;

function withoutNotes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNotes);
  const record = asRecord(value);
  return record
    ? Object.fromEntries(
        Object.entries(record).flatMap(([name, member]) => (NOTES.has(name) ? [] : [[name, withoutNotes(member)]])),
      )
    : value;
}

const same = (one: unknown, other: unknown) => sorted(one) === sorted(other);
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, member) => {
    const record = asRecord(member);
    return record ? Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1))) : member;
  }) ?? 'undefined';
const short = (value: unknown) => (value === undefined ? 'not there' : sorted(value).slice(0, 120));
