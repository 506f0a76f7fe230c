import { type Static, Type } from 'typebox';
import { Count, Text } from '#kernel';

/** What happened to the customers of a group in one month. */
export const ChurnMonth = Type.Object({
  month: Text('the month, YYYY-MM in UTC', 7),
  atStart: Count('number of customers when the month began'),
  began: Count('number of those who became customers in it'),
  wonBack: Count('number of those who had been lost and came back in it'),
  bound: Count('number of those who had only bought before and got a contract in it'),
  atRisk: Count('number of customers who could be lost: at the start, began, won back and, for contracts, bound'),
  churned: Count('number of those who were lost in it'),
  rate: Type.Number({ description: 'churned of those at risk, in percent, rounded to 1/100' }),
});
export type ChurnMonth = Static<typeof ChurnMonth>;

export type Change = 'began' | 'wonBack' | 'bound' | 'churned';

/**
 * The months with one more change in one of them. Facts of different customers need not come in the order of time, so all that
 * follows is reckoned anew. There are no gaps between the first and the last month.
 * @param bound what those who got a contract do to the group: 1 they come into it, -1 they leave it
 */
export function changed(months: readonly ChurnMonth[], month: string, change: Change, bound: 1 | -1): ChurnMonth[] {
  const known = new Map(months.map((entry) => [entry.month, entry]));
  const names = [...known.keys(), month].sort();
  const result: ChurnMonth[] = [];
  let active = 0;
  for (let name = names[0] as string; name <= (names.at(-1) as string); name = nextMonth(name)) {
    const before = known.get(name) ?? { began: 0, wonBack: 0, bound: 0, churned: 0 };
    const counts = { began: before.began, wonBack: before.wonBack, bound: before.bound, churned: before.churned };
    if (name === month) counts[change]++;
    const came = counts.began + counts.wonBack;
    const atRisk = active + came + (bound === 1 ? counts.bound : 0);
    result.push({ month: name, atStart: active, ...counts, atRisk, rate: percent(counts.churned, atRisk) });
    active += came + bound * counts.bound - counts.churned;
  }
  return result;
}

/** How many are customers after the last month. */
export const activeAfter = (months: readonly ChurnMonth[], bound: 1 | -1): number => {
  const last = months.at(-1);
  return last === undefined ? 0 : last.atStart + last.began + last.wonBack + bound * last.bound - last.churned;
};

export const monthOf = (moment: string): string => moment.slice(0, 7);

function nextMonth(month: string): string {
  const [year, number] = [Number(month.slice(0, 4)), Number(month.slice(5))];
  return number === 12 ? `${String(year + 1).padStart(4, '0')}-01` : `${month.slice(0, 5)}${String(number + 1).padStart(2, '0')}`;
}

const percent = (part: number, whole: number): number => (whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 100);
