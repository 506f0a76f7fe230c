import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteKeys, openSqliteLog, openSqliteViews } from '#adapters/sqlite';
import { contexts } from '#contexts';
import {
  type CommandRequest,
  type KeyStore,
  type Log,
  type Problem,
  registryOf,
  systemClock,
  systemContext,
  type ViewStore,
} from '#runtime';
import { CommandPipeline } from '#runtime/commands/pipeline';
import { keptApart } from '#runtime/sealing/kept-apart';
import { caller, FaultyLog, MASTER_KEY } from '../support/faulty-log.js';

/** Others append to it too, and what is read of streams is noted. */
class SharedLog extends FaultyLog {
  readonly read: string[] = [];

  override get exclusive() {
    return false;
  }
  override readStream(...given: Parameters<Log['readStream']>) {
    this.read.push(given[0]);
    return super.readStream(...given);
  }
}

describe('two servers that write to one log', () => {
  let folder: string;
  let log: SharedLog;
  let keys: KeyStore;
  let store: ViewStore;
  let one: CommandPipeline;
  let other: CommandPipeline;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'annals-writers-'));
    log = new SharedLog(await openSqliteLog({ folder }));
    keys = await openSqliteKeys({ file: join(folder, 'keys.db'), masterKey: MASTER_KEY });
    store = await openSqliteViews({ file: join(folder, 'state.db') });
    const server = () =>
      CommandPipeline.open({
        ...{ log, keys: keptApart(keys), snapshots: store, clock: systemClock, backdateDays: 30, checks: new Map() },
        registry: registryOf([systemContext, ...contexts]),
      });
    [one, other] = [await server(), await server()];
  });
  afterEach(async () => {
    for (const each of [one, other, store, keys, log]) await each.close();
    rmSync(folder, { recursive: true });
  });

  const send = (server: CommandPipeline, command: string, payload: object, idempotencyKey: string = randomUUID()) =>
    server.execute({ caller, command, payload: payload as CommandRequest['payload'], idempotencyKey });
  const opened = async () => {
    const { id: opportunityId, stream } = await send(one, 'OpenOpportunity', { amount: 100, currency: 'EUR' });
    return { opportunityId, stream };
  };

  it('read no stream before they write to it that they wrote to last', async () => {
    const { opportunityId, stream } = await opened();
    await send(one, 'AdvanceOpportunity', { opportunityId, to: 'PROPOSAL' });
    expect(await send(one, 'CorrectOpportunity', { opportunityId, amount: 200 })).toMatchObject({ outcome: 'done', revision: 2 });
    expect(log.read).not.toContain(stream);
  });

  it('decide on what the other one wrote, whether they would accept or refuse without it', async () => {
    const { opportunityId } = await opened();
    await send(other, 'LoseOpportunity', { opportunityId, reason: 'PRICE' });
    const refused: Problem = await send(one, 'AdvanceOpportunity', { opportunityId, to: 'PROPOSAL' }).then(
      () => undefined,
      (problem) => problem,
    );
    expect(refused).toMatchObject({ status: 422 });
    await send(other, 'ReopenOpportunity', { opportunityId });
    await send(one, 'AdvanceOpportunity', { opportunityId, to: 'PROPOSAL' });
    await send(one, 'LoseOpportunity', { opportunityId, reason: 'PRICE' });
    // The other one saw it open last, and would refuse this.
    expect(await send(other, 'ReopenOpportunity', { opportunityId })).toMatchObject({ outcome: 'done' });
  });

  it('take nothing for unchanged that the other one changed', async () => {
    const { opportunityId, stream } = await opened();
    await send(other, 'CorrectOpportunity', { opportunityId, amount: 300 });
    expect(await send(one, 'CorrectOpportunity', { opportunityId, amount: 100 })).toMatchObject({ outcome: 'done' });
    const facts = await log.readStream(stream, 0);
    expect(facts.map(({ data }) => JSON.parse(data).amount)).toEqual([100, 300, 100]);
  });

  it('answer a retry at the other one as the first time', async () => {
    const key = randomUUID();
    const first = await send(one, 'OpenOpportunity', { amount: 100, currency: 'EUR' }, key);
    expect(await send(other, 'OpenOpportunity', { amount: 100, currency: 'EUR' }, key)).toEqual(first);
    const { id: opportunityId } = first;
    const again = randomUUID();
    const corrected = await send(other, 'CorrectOpportunity', { opportunityId, amount: 200 }, again);
    for (const server of [one, other])
      expect(await send(server, 'CorrectOpportunity', { opportunityId, amount: 200 }, again)).toEqual(corrected);
    expect(await log.readStream(first.stream, 0)).toHaveLength(2);
  });

  it('let each of many commands on one thing take effect once, and none of them comes to nothing', async () => {
    const { opportunityId, stream } = await opened();
    const amounts = Array.from({ length: 20 }, (_, number) => 1_000 + number);
    const insist = async (amount: number) => {
      const key = randomUUID();
      for (;;) {
        try {
          return await send(amount % 2 === 0 ? one : other, 'CorrectOpportunity', { opportunityId, amount }, key);
        } catch (error) {
          if ((error as Problem).code !== 'contended') throw error;
        }
      }
    };
    await Promise.all(amounts.map(insist));
    const facts = await log.readStream(stream, 1);
    expect(facts.map(({ data }) => JSON.parse(data).amount).sort()).toEqual(amounts);
  });
});
