import { describe, expect, it } from '@jest/globals';
import type { LogPage, StoredFact } from '#runtime/ports';
import { SharedPages } from './shared-pages.js';

const fact = (number: number, type: string) =>
  ({ stream: `thing-main.${number}`, type, position: `log.${number}` }) as unknown as StoredFact;
const log = [fact(1, 'Opened'), fact(2, 'Moved'), fact(3, 'Opened'), fact(4, 'Opened'), fact(5, 'Moved')];

/** A log that answers when told to, and counts how often it is asked. */
function asked() {
  const reads: ((page: LogPage) => void)[] = [];
  let newest = 5;
  const pages = new SharedPages(
    () => newest,
    () => new Promise((answer) => reads.push(answer)),
  );
  return {
    pages,
    reads,
    appended: () => {
      newest += 1;
    },
  };
}
const whole: LogPage = { facts: log, position: 'log.5', atHead: true };
const numbers = ({ facts }: LogPage) => facts.map(({ position }) => position);

describe('pages for all who follow the log', () => {
  it('are read once for those who stand at the same place, each with the facts it asked for', async () => {
    const { pages, reads } = asked();
    const [opened, moved] = [['Opened'], ['Moved']].map((types) => pages.page('log.0', { limit: 10, types }));
    const elsewhere = pages.page('log.3', { limit: 10 });
    expect(reads).toHaveLength(2);
    reads[0]?.(whole);
    reads[1]?.({ ...whole, facts: log.slice(3) });
    expect(numbers(await (opened as Promise<LogPage>))).toEqual(['log.1', 'log.3', 'log.4']);
    expect(await moved).toMatchObject({ position: 'log.5', atHead: true });
    expect(numbers(await elsewhere)).toEqual(['log.4', 'log.5']);
    void pages.page('log.0', { limit: 10 });
    expect(reads).toHaveLength(3);
  });

  it('end behind the last fact that was asked for', async () => {
    const { pages, reads } = asked();
    const page = pages.page('log.0', { limit: 2, types: ['Opened'] });
    reads[0]?.(whole);
    expect([numbers(await page), await page]).toEqual([
      ['log.1', 'log.3'],
      expect.objectContaining({ position: 'log.3', atHead: false }),
    ]);
  });

  it('are not those that were begun before the newest fact: who was woken by it would miss it', async () => {
    const { pages, reads, appended } = asked();
    void pages.page('log.5', { limit: 10 });
    appended();
    const woken = pages.page('log.5', { limit: 10 });
    expect(reads).toHaveLength(2);
    // the one that began before ends first, and is forgotten for itself alone
    reads[0]?.({ facts: [], position: 'log.5', atHead: true });
    await Promise.resolve();
    const joined = pages.page('log.5', { limit: 10 });
    expect(reads).toHaveLength(2);
    reads[1]?.({ facts: [fact(6, 'Opened')], position: 'log.6', atHead: true });
    expect([numbers(await woken), numbers(await joined)]).toEqual([['log.6'], ['log.6']]);
  });
});
