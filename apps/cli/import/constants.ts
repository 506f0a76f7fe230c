type Fault = { readonly field: string; readonly message: string };

/** What is wrong with the fields of a payload that say the same for every row: `kind: PERSONN`, a text where a number belongs. */
export function faultsOfConstants(
  payload: Readonly<Record<string, unknown>>,
  check: (payload: Readonly<Record<string, unknown>>) => readonly Fault[],
): readonly Fault[] {
  const constants = Object.fromEntries(
    Object.entries(payload)
      .filter(([, value]) => isConstant(value))
      .map(([field, value]) => [field, written(value)]),
  );
  return check(constants).filter(({ field }) => Object.hasOwn(constants, /^[^.[]*/.exec(field)?.[0] ?? ''));
}

function isConstant(value: unknown): boolean {
  if (typeof value === 'string') return !value.startsWith('=') || value.startsWith('==');
  if (typeof value !== 'object' || value === null) return true;
  return !('$each' in value) && Object.values(value).every(isConstant);
}

/** `==x` stands for the text `=x`. */
function written(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/^==/, '=');
  if (Array.isArray(value)) return value.map(written);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, written(member)]));
}
