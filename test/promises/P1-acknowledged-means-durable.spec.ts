import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Journal } from '../crash/journal.js';
import { judgeLog, judgeProcesses, judgeRetries } from '../crash/judge.js';
import { send, settleOpen } from '../crash/sender.js';
import { temporaryFolder } from '../support/house.js';
import { type ServerProcess, startServer } from '../support/server.js';

const ROUNDS = 2;
const CLIENTS = 30;

const opened = () => ({ key: randomUUID(), command: 'OpenOpportunity', payload: { amount: 100_00, currency: 'EUR' } });

describe('P1: acknowledged means durable', () => {
  const folder = temporaryFolder();
  const journal = new Journal();
  let server: ServerProcess;

  beforeAll(async () => {
    for (let round = 0; round < ROUNDS; round++) {
      server = await startServer(folder);
      await killedAtAnswer(server, journal, 1 + round * 40);
    }
    server = await startServer(folder);
  }, 240_000);
  afterAll(() => server?.stop());

  it('has every command whose answer arrived before the kill, as it was answered', async () => {
    expect(journal.acknowledged.length).toBeGreaterThanOrEqual(ROUNDS);
    const before = journal.acknowledged.length;
    await settleOpen(server, journal);
    expect(journal.acknowledged.length).toBeGreaterThan(before);
    expect(await judgeLog(server, journal)).toEqual([]);
  }, 60_000);

  it('gives the same answers to the same keys again', async () => {
    expect(await judgeRetries(server, journal, 200)).toEqual([]);
  }, 60_000);

  it('has all facts of a command or none', async () => {
    // A conversion is many commands, each of them whole; a won opportunity leads to an order with all its lines.
    const leadId = randomUUID();
    for (const [command, payload] of [
      ['CreateLead', { leadId, name: 'Ada Lovelace', source: 'WEB_SITE' }],
      ['AssignLead', { leadId, ownerId: randomUUID() }],
      ['QualifyLead', { leadId }],
      ['ConvertLead', { leadId, amount: 100_00, currency: 'EUR' }],
    ] as const) {
      const entry = journal.record({ key: randomUUID(), command, payload });
      entry.outcome = await send(server, entry.sent);
      expect(entry.outcome.state).toBe('acknowledged');
    }
    await server.stop('SIGKILL');
    server = await startServer(folder);
    expect(await judgeProcesses(server)).toEqual([]);
    expect(await judgeLog(server, journal)).toEqual([]);
  }, 60_000);
});

/** Kills the server in the very moment in which the n-th answer arrives, with all other clients under way. */
async function killedAtAnswer(server: ServerProcess, journal: Journal, nth: number): Promise<void> {
  let answers = 0;
  const client = async () => {
    for (;;) {
      const entry = journal.record(opened());
      entry.outcome = await send(server, entry.sent);
      if (entry.outcome.state !== 'acknowledged') return;
      answers += 1;
      if (answers === nth) process.kill(server.pid, 'SIGKILL');
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  await server.ended;
}
