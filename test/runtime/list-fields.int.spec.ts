import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compileCommand } from '#runtime/commands/validation';
import { openHouse, type TestHouse } from '../support/house.js';

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

/** What is no entry of any list. */
const strangers = [null, {}, { value: 'x' }, [], [null], 'x', 1, true];
/** Those that the schema of an entry says nothing against are left out. */
const wrongFor = ({ type, properties }: Schema) =>
  strangers.filter((one) => {
    if (one === null) return true;
    if (type === 'array') return !Array.isArray(one);
    if (type === 'object') return properties !== undefined || typeof one !== 'object' || Array.isArray(one);
    return typeof one !== (type === 'integer' ? 'number' : type);
  });

const refusalOf = (work: Promise<unknown>) =>
  work.then(
    () => ({ status: 200, fields: [] }),
    ({ status, options }: { status?: number; options?: { errors?: readonly { field: string }[] } }) => ({
      status,
      fields: options?.errors?.map(({ field }) => field) ?? [],
    }),
  );

interface Probe {
  readonly payload: object;
  /** Where the fault is. */
  readonly at: string;
}

/** Each list of an object with a wrong entry, by itself and twice, and each field of an entry with a wrong value; lists in entries too. */
function probesOf({ properties = {} }: Schema, outer: (inner: object) => object, path: string): readonly Probe[] {
  return Object.entries(properties).flatMap(([field, { type, items }]) => {
    if (type !== 'array' || !items) return [];
    const at = `${path}${field}[0]`;
    const within = (entry: unknown) => outer({ [field]: [entry] });
    const entries = wrongFor(items).flatMap((one) => [
      { payload: within(one), at },
      { payload: outer({ [field]: [one, one] }), at },
    ]);
    const members = Object.entries(items.properties ?? {}).flatMap(([name, schema]) =>
      wrongFor(schema).map((value) => ({ payload: within({ [name]: value }), at: `${at}.${name}` })),
    );
    return [...entries, ...members, ...probesOf(items, within, `${at}.`)];
  });
}

describe('an entry of a list that is none', () => {
  it('is refused and named, in every list of every command, done and tried', async () => {
    const found: object[] = [];
    let probed = 0;
    for (const { name: command, type, aggregate, options } of house.registry.commands.values()) {
      if (options.route === undefined) continue;
      const schema = compileCommand(type, { id: aggregate.id }).schema as Schema;
      for (const { payload, at } of probesOf(schema, (inner) => inner, '')) {
        const request = { caller: house.admin, command, payload: payload as Readonly<Record<string, unknown>> };
        for (const work of [house.commands.execute(request), house.commands.dryRun(request)]) {
          probed++;
          const refused = await refusalOf(work);
          const { fields } = refused;
          if (refused.status !== 400 || !fields.some((named) => named.startsWith(at)))
            found.push({ command, payload, at, refused });
        }
      }
    }
    expect(found).toEqual([]);
    expect(probed).toBeGreaterThan(1_000);
  });
});
