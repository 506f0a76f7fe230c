import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { compileCommand } from '#runtime/commands/validation';
import { definitions } from '../cli/definitions.js';
import { companyOf } from './company.js';
import { wavesOf } from './send-history.js';

const digest = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');
const UNTIL = '2026-01-01';

describe('the sample company', () => {
  const { commands, today } = companyOf(1, UNTIL);

  it('is the same for the same seed and day, byte for byte, and another one for another seed', () => {
    expect(digest(companyOf(1, UNTIL))).toBe(digest(companyOf(1, UNTIL)));
    expect(digest(companyOf(2, UNTIL).commands)).not.toBe(digest(commands));
  });

  it('sends 15,000 to 25,000 commands of three years, each with a key of its own', () => {
    expect(commands.length).toBeGreaterThan(15_000);
    expect(commands.length).toBeLessThan(25_000);
    expect(new Set([...commands, ...today].map(({ key }) => key)).size).toBe(commands.length + today.length);
    const times = commands.map(({ occurredAt }) => occurredAt as string).sort();
    expect([times[0], times.at(-1)?.slice(0, 10)]).toEqual(['2023-01-02T00:00:00.000Z', '2025-12-31']);
  });

  it('has late entries, corrections, merges and one erasure', () => {
    const count = (name: string) => commands.filter(({ command }) => command === name).length;
    expect([count('MergeCustomers'), count('UnmergeCustomers'), count('EraseCustomer')]).toEqual([6, 1, 1]);
    expect(count('CorrectOpportunity')).toBeGreaterThan(5);
    const late = commands.filter(({ occurredAt = '' }, index) => occurredAt < (commands[index - 1]?.occurredAt ?? ''));
    expect(late.length).toBeGreaterThan(100);
  });

  it('fits the commands of today', () => {
    const registry = definitions();
    const faults = [...commands, ...today].flatMap(({ command, payload }) => {
      const registered = registry.commands.get(command);
      return registered
        ? compileCommand(registered.type, { id: registered.aggregate.id }).validate(payload)
        : [{ field: command, message: 'unknown' }];
    });
    expect(faults).toEqual([]);
  });

  it('keeps the order of each stream when it is sent in waves', () => {
    const registry = definitions();
    const streamOf = ({ command, payload }: (typeof commands)[number]) =>
      payload[registry.commands.get(command)?.aggregate.id ?? ''];
    const window = commands.slice(4000, 5000);
    const sent = wavesOf(window).flat();
    for (const stream of new Set(window.map(streamOf))) {
      expect(sent.filter((command) => streamOf(command) === stream)).toEqual(
        window.filter((command) => streamOf(command) === stream),
      );
    }
  });

  it('lets no erasure or merge overtake what names the customer', () => {
    // In a small company all of it is in one window.
    const small = companyOf(3, UNTIL, 0.02).commands;
    const { customerId } = small.find(({ command }) => command === 'EraseCustomer')?.payload ?? {};
    const waves = wavesOf(small);
    const naming = waves.flatMap((wave, number) =>
      wave
        .filter(({ payload }) => JSON.stringify(payload).includes(String(customerId)))
        .map(({ command }) => ({ number, command })),
    );
    const erased = naming.find(({ command }) => command === 'EraseCustomer');
    const others = naming.filter(({ command }) => command !== 'EraseCustomer').map(({ number }) => number);
    expect(others.length).toBeGreaterThan(0);
    expect(Math.max(...others)).toBeLessThan(erased?.number ?? 0);
  });

  it('asks for clock facts only where nothing later overtakes them', () => {
    const registry = definitions();
    const seen = new Set<unknown>();
    for (const { command, payload, imported } of [...commands].reverse()) {
      const stream = payload[registry.commands.get(command)?.aggregate.id ?? ''];
      expect(imported?.clock).toBe(!seen.has(stream));
      seen.add(stream);
    }
  });
});
