import Sequencer from '@jest/test-sequencer';

/** Those that start programs or wait for engines take longest. */
const RANKS = [/\/test\/real-data\//, /\.e2e\.spec\.ts$/, /\/test\/promises\/|\.int\.spec\.ts$/];
const rankOf = ({ path }) => [...RANKS, /./].findIndex((kind) => kind.test(path));

/** In a fresh clone, where no durations are known: what takes long first, so that no worker waits for it at the end. */
export default class LongFirst extends Sequencer {
  async sort(tests) {
    const sorted = await super.sort(tests);
    if (sorted.some(({ duration }) => duration !== undefined)) return sorted;
    return sorted.toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}
