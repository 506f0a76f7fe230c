import { describe, expect, it } from '@jest/globals';
import { Problem } from '#runtime/problem';
import type { Caller, TrafficClass } from '#runtime/requests';
import { BulkLane } from './bulk-lane.js';
import { Interactive } from './interactive.js';
import { classOf, Limits } from './limits.js';

const callerOf = (id: string, tenant = 'main'): Caller => ({ tenant, actor: { kind: 'service', id }, roles: new Set() });
const clock = (milliseconds = 0) => {
  const now = () => milliseconds;
  const pass = (more: number) => {
    milliseconds += more;
  };
  return { now, pass };
};
const refusalOf = (work: () => unknown): Problem => {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('It was admitted.');
};

describe('the class of a request', () => {
  it('is the less urgent one of token and endpoint', () => {
    expect(classOf()).toBe('interactive');
    expect(classOf('integration', 'interactive')).toBe('integration');
    expect(classOf('interactive', 'bulk')).toBe('bulk');
    expect(classOf('bulk', 'integration')).toBe('bulk');
  });
});

describe('the rate of a caller', () => {
  it('lets two seconds of requests through at once, then as many as it fills', () => {
    const { now, pass } = clock();
    const limits = new Limits({ perSecond: { integration: 5 } }, now);
    const send = () => limits.admit(callerOf('one'), 'integration');
    for (let sent = 0; sent < 10; sent++) send();
    expect(refusalOf(send)).toMatchObject({ status: 429, code: 'rate-limited', options: { retryAfter: 1 } });
    pass(200);
    send();
    expect(refusalOf(send).status).toBe(429);
  });
  it('says how many seconds to wait', () => {
    const { now } = clock();
    const limits = new Limits({ perSecond: { interactive: 0.25 } }, now);
    limits.admit(callerOf('one'), 'interactive');
    expect(refusalOf(() => limits.admit(callerOf('one'), 'interactive')).options.retryAfter).toBe(4);
  });
  it('is counted for each caller, tenant and class apart', () => {
    const { now } = clock();
    const limits = new Limits({ perSecond: { interactive: 0.5, integration: 0.5 } }, now);
    limits.admit(callerOf('one'), 'interactive');
    limits.admit(callerOf('two'), 'interactive');
    limits.admit(callerOf('one', 'north'), 'interactive');
    limits.admit(callerOf('one'), 'integration');
    expect(refusalOf(() => limits.admit(callerOf('one'), 'interactive')).status).toBe(429);
  });
});

describe('bulk requests', () => {
  it('of one caller leave room for those of others, such as a backup', () => {
    const limits = new Limits({ bulkRequests: 3 });
    const ends = [limits.admit(callerOf('one'), 'bulk'), limits.admit(callerOf('one'), 'bulk')];
    expect(refusalOf(() => limits.admit(callerOf('one'), 'bulk'))).toMatchObject({ code: 'too-many-bulk-requests' });
    limits.admit(callerOf('operator'), 'bulk')();
    for (const end of [...ends, ...ends]) end();
    limits.admit(callerOf('one'), 'bulk');
    limits.admit(callerOf('one'), 'bulk');
    expect(refusalOf(() => limits.admit(callerOf('one'), 'bulk')).code).toBe('too-many-bulk-requests');
  });
  it('are refused when too many are open, and taken again when one ends', () => {
    const limits = new Limits({ bulkRequests: 2 });
    const end = limits.admit(callerOf('one'), 'bulk');
    limits.admit(callerOf('two'), 'bulk');
    expect(refusalOf(() => limits.admit(callerOf('three'), 'bulk'))).toMatchObject({
      status: 429,
      code: 'too-many-bulk-requests',
    });
    end();
    limits.admit(callerOf('three'), 'bulk');
  });
  it('of one tenant never keep another one out, nor is there room without end', () => {
    const limits = new Limits({ bulkRequests: 4 });
    for (const id of ['one', 'one', 'two', 'two']) limits.admit(callerOf(id), 'bulk');
    const end = limits.admit(callerOf('one', 'north'), 'bulk');
    expect(refusalOf(() => limits.admit(callerOf('two', 'north'), 'bulk')).code).toBe('too-many-bulk-requests');
    for (const tenant of ['south', 'east', 'west']) limits.admit(callerOf('one', tenant), 'bulk');
    expect(refusalOf(() => limits.admit(callerOf('one', 'far'), 'bulk')).code).toBe('too-many-bulk-requests');
    end();
    limits.admit(callerOf('one', 'far'), 'bulk');
  });
});

describe('the lane of bulk commands', () => {
  const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  /** Bulk commands that end when they are told to. */
  const worksIn = (lane: BulkLane) => {
    const ends: (() => void)[] = [];
    const begun: string[] = [];
    const begin = (tenant = 'main') =>
      void lane.run(tenant, () => {
        begun.push(tenant);
        return new Promise<void>((end) => ends.push(end));
      });
    return { ends, begun, begin };
  };

  it('has all its room while nobody interactive is there', async () => {
    const { ends, begin } = worksIn(new BulkLane({ atOnce: 3, atOnceBeside: 1 }, new Interactive(() => 0)));
    for (let sent = 0; sent < 5; sent++) begin();
    await turn();
    expect(ends).toHaveLength(3);
    ends[0]?.();
    await turn();
    expect(ends).toHaveLength(4);
  });
  it('is narrow for a second after an interactive request', async () => {
    const { now, pass } = clock();
    const interactive = new Interactive(now);
    const lane = new BulkLane({ atOnce: 3, atOnceBeside: 1 }, interactive);
    const { ends, begin } = worksIn(lane);
    interactive.begins()();
    for (let sent = 0; sent < 5; sent++) begin();
    await turn();
    expect(ends).toHaveLength(1);
    pass(1_001);
    ends[0]?.();
    await turn();
    expect(ends).toHaveLength(4);
  });
  it('begins nothing beside an interactive request, however long bulk commands wait', async () => {
    const { now, pass } = clock();
    const interactive = new Interactive(now);
    const lane = new BulkLane({ atOnce: 3, atOnceBeside: 1 }, interactive);
    const { ends, begin } = worksIn(lane);
    interactive.begins()();
    for (let sent = 0; sent < 9; sent++) begin();
    await turn();
    for (let done = 0; done < 4; done++) {
      pass(10);
      const answered = interactive.begins();
      ends[done]?.();
      await turn();
      pass(20);
      interactive.begins()();
      await turn();
      expect(ends).toHaveLength(1 + done);
      answered();
      await turn();
      expect(ends).toHaveLength(2 + done);
    }
  });
  it('begins one now and then beside interactive requests without a gap, so that bulk never stands still', async () => {
    const { now, pass } = clock();
    const interactive = new Interactive(now);
    const lane = new BulkLane({ atOnce: 3, atOnceBeside: 2 }, interactive);
    const { ends, begin } = worksIn(lane);
    interactive.begins();
    for (let sent = 0; sent < 4; sent++) begin();
    await turn();
    expect(ends).toHaveLength(1);
    pass(30);
    interactive.begins()();
    await turn();
    expect(ends).toHaveLength(2);
    pass(20);
    interactive.begins()();
    await turn();
    expect(ends).toHaveLength(2);
  });
  it('rests beside interactive requests for as long as the last one took', async () => {
    const { now, pass } = clock();
    const interactive = new Interactive(now);
    const lane = new BulkLane({ atOnce: 3, atOnceBeside: 1 }, interactive);
    const { ends, begin } = worksIn(lane);
    interactive.begins()();
    for (let sent = 0; sent < 2; sent++) begin();
    await turn();
    pass(10);
    ends[0]?.();
    await turn();
    pass(9);
    interactive.begins()();
    await turn();
    expect(ends).toHaveLength(1);
    pass(2);
    // nobody comes any more: the lane looks by itself
    for (const deadline = Date.now() + 5_000; ends.length < 2 && Date.now() < deadline; ) await turn();
    expect(ends).toHaveLength(2);
  });
  it('does not wait for an interactive request that itself waits for something', async () => {
    const { now, pass } = clock();
    const interactive = new Interactive(now);
    const lane = new BulkLane({ atOnce: 3, atOnceBeside: 2 }, interactive);
    const { ends, begin } = worksIn(lane);
    interactive.begins();
    pass(60);
    for (let sent = 0; sent < 4; sent++) begin();
    await turn();
    expect(ends).toHaveLength(2);
  });
  it('serves tenants in turns, however much one of them sends', async () => {
    const { ends, begun, begin } = worksIn(new BulkLane({ atOnce: 1, atOnceBeside: 1 }, new Interactive(() => 0)));
    for (const tenant of ['main', 'main', 'main', 'main', 'north', 'north', 'south']) begin(tenant);
    for (let done = 0; done < 6; done++) {
      await turn();
      ends[done]?.();
    }
    await turn();
    expect(begun).toEqual(['main', 'main', 'north', 'south', 'main', 'north', 'main']);
  });
  it('lets another one begin in place of one that only waits, and counts that one once', async () => {
    const lane = new BulkLane({ atOnce: 1, atOnceBeside: 1 }, new Interactive(() => 0));
    let answer = () => {};
    const waits = lane.run('main', (end) => {
      end();
      end();
      return new Promise<void>((resolve) => {
        answer = resolve;
      });
    });
    const { ends, begin } = worksIn(lane);
    for (let sent = 0; sent < 2; sent++) begin();
    await turn();
    expect(ends).toHaveLength(1);
    answer();
    await waits;
    await turn();
    expect(ends).toHaveLength(1);
  });
  it('goes on after work that failed', async () => {
    const lane = new BulkLane({ atOnce: 1, atOnceBeside: 1 }, new Interactive());
    await expect(lane.run('main', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await expect(lane.run('main', async () => 'done')).resolves.toBe('done');
  });
});

describe('pieces of reading', () => {
  const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  const piecesIn = (limits: Limits) => {
    const ends: (() => void)[] = [];
    const read = (trafficClass: TrafficClass = 'bulk') =>
      void limits.reading(callerOf('one'), trafficClass, () => new Promise<void>((end) => ends.push(end)));
    return { ends, read };
  };

  it('take turns while interactive requests come in, and have room when none does', async () => {
    const { now, pass } = clock();
    const limits = new Limits({}, now);
    const { ends, read } = piecesIn(limits);
    const answered = limits.admit(callerOf('clicks'), 'interactive');
    pass(51);
    for (const trafficClass of ['bulk', 'integration', 'bulk'] as const) read(trafficClass);
    await turn();
    expect(ends).toHaveLength(1);
    answered();
    pass(1_001);
    ends[0]?.();
    await turn();
    expect(ends).toHaveLength(3);
  });
  it('of interactive callers do not wait', async () => {
    const limits = new Limits({}, clock().now);
    const { ends, read } = piecesIn(limits);
    limits.admit(callerOf('clicks'), 'interactive');
    for (let sent = 0; sent < 3; sent++) read('interactive');
    await turn();
    expect(ends).toHaveLength(3);
  });
  it('that wait for something make room for the next one', async () => {
    const limits = new Limits();
    const { ends, read } = piecesIn(limits);
    limits.admit(callerOf('clicks'), 'interactive')();
    read();
    read();
    await turn();
    expect(ends).toHaveLength(1);
    await new Promise((late) => setTimeout(late, 150));
    expect(ends).toHaveLength(2);
  });
});
