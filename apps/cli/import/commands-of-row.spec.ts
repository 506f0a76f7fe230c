import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type RowCommand, wavesOf } from './commands-of-row.js';

const row = (...streams: readonly string[]) => ({ commands: streams.map((stream) => ({ stream }) as RowCommand) });
const shown = (rows: readonly { readonly commands: readonly RowCommand[] }[]) =>
  wavesOf(rows).map((wave) => wave.map(({ command }) => command.stream).join(' '));

describe('waves', () => {
  it('put a step into a later wave than the step before it that has another stream', () => {
    expect(shown([row('customer-1', 'deal-1'), row('customer-2', 'deal-2')])).toEqual(['customer-1 customer-2', 'deal-1 deal-2']);
  });

  it('keep steps of one stream together', () => {
    expect(shown([row('deal-1', 'deal-1'), row('deal-2')])).toEqual(['deal-1 deal-1 deal-2']);
  });

  it('never send a command before an earlier one of its stream', () => {
    const streams = fc.array(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 4 }), { maxLength: 8 });
    fc.assert(
      fc.property(streams, (given) => {
        const rows = given.map((names) => row(...names));
        const sent = wavesOf(rows)
          .flat()
          .map(({ command }) => command);
        for (const stream of ['a', 'b', 'c']) {
          const wanted = rows.flatMap(({ commands }) => commands).filter((command) => command.stream === stream);
          expect(sent.filter((command) => command.stream === stream)).toEqual(wanted);
        }
        expect(sent).toHaveLength(rows.flatMap(({ commands }) => commands).length);
      }),
    );
  });
});
