import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '../../apps/cli/program.js';
import { engineSettings, onDistributedEngines } from '../support/engines.js';
import { eventually, temporaryFolder } from '../support/house.js';
import { type ServerProcess, startServer } from '../support/server.js';

const missing = !onDistributedEngines
  ? 'part of npm run test:engines'
  : !process.env.ANNALS_TEST_MONGODB
    ? 'set ANNALS_TEST_MONGODB: .ci/engines/mongodb.sh start'
    : undefined;
const described = missing === undefined ? describe : describe.skip;

const ROUNDS = 10;

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the answer holds
  readonly body: any;
}

described(`two servers on the same engines${missing === undefined ? '' : ` (left out: ${missing})`}`, () => {
  const root = temporaryFolder();
  let first: ServerProcess;
  let second: ServerProcess;

  beforeAll(async () => {
    const folders = [join(root, 'first'), join(root, 'second')] as const;
    const env = await engineSettings(join(folders[0], 'data'));
    first = await startServer(folders[0], { env });
    cpSync(join(folders[0], 'secrets'), join(folders[1], 'secrets'), { recursive: true });
    second = await startServer(folders[1], { env });
  }, 120_000);
  afterAll(() => Promise.all([first?.stop(), second?.stop()]));

  async function post(server: ServerProcess, path: string, body: object, key: string): Promise<Answer> {
    const answer = await fetch(`${server.url}/v1/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${first.token}`, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json() };
  }
  const factsOf = async (server: ServerProcess, stream: string) =>
    ((await server.get(`/v1/facts?stream=${stream}`)) as { facts: readonly { type: string; data: object }[] }).facts;

  /** Sends one key to both at once. The one effect is that of the answer that says so; gives which server that was. */
  async function race(path: string, bodies: readonly [object, object], key: string): Promise<0 | 1> {
    const answers = await Promise.all([post(first, path, bodies[0], key), post(second, path, bodies[1], key)]);
    const winner = answers[0].status < 300 ? 0 : 1;
    expect(answers[winner].status).toBeLessThan(300);
    expect(answers[1 - winner]).toMatchObject({ status: 422, body: { type: '/problems/key-reused' } });
    // whoever asks, and whomever: the same answers for ever
    for (const server of [first, second]) {
      expect(await post(server, path, bodies[winner], key)).toEqual(answers[winner]);
      expect((await post(server, path, bodies[1 - winner] as object, key)).status).toBe(422);
    }
    return winner;
  }

  it('that get one key with two bodies at the same moment do one thing; the other answer is 422 key-reused', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const amounts = [1_000 + round, 2_000 + round] as const;
      const bodies = [
        { amount: amounts[0], currency: 'EUR' },
        { amount: amounts[1], currency: 'EUR' },
      ] as const;
      const winner = await race('opportunities', bodies, `open-${round}`);
      const { id, stream } = (await post(first, 'opportunities', bodies[winner], `open-${round}`)).body;
      for (const server of [first, second])
        expect(await factsOf(server, stream)).toMatchObject([{ type: 'OpportunityOpened', data: { amount: amounts[winner] } }]);

      // of a thing that is there already, the second one decides anew on what the first one did, and finds its key
      const phases = [{ to: 'QUALIFICATION' }, { to: 'PROPOSAL' }] as const;
      const moved = await race(`opportunities/${id}/advance`, phases, `advance-${round}`);
      expect((await factsOf(second, stream)).slice(1)).toMatchObject([{ type: 'OpportunityAdvanced', data: phases[moved] }]);
    }
  });

  it('that get one key with one body at the same moment do it once, and answer the same', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const both = [first, second].map((server) =>
        post(server, 'opportunities', { amount: 5, currency: 'EUR' }, `same-${round}`),
      );
      const [one, other] = await Promise.all(both);
      expect([one?.status, other]).toEqual([201, one]);
      expect(await factsOf(second, one?.body.stream)).toHaveLength(1);
    }
  });

  it('name the one that writes the views and runs the processes, to whoever asks the other; it takes over when that one stops', async () => {
    const stream = `opportunity-main.${crypto.randomUUID()}`;
    const writer = `(process ${first.pid})`;
    const asked = [
      post(second, 'admin/views/pipeline/rebuild', {}, 'rebuild'),
      post(second, 'admin/parked/release', { view: 'pipeline', key: crypto.randomUUID() }, 'release'),
      post(second, 'admin/processes/release', { process: 'won-opportunity', stream }, 'release-of-process'),
    ];
    for (const answer of await Promise.all(asked))
      expect(answer).toMatchObject({
        status: 503,
        body: { type: '/problems/not-the-writer', detail: expect.stringContaining(writer) },
      });

    let said = '';
    const terminal = {
      out: (text: string) => (said += text),
      note: (text: string) => (said += text),
      env: { ANNALS_TOKEN: first.token },
      isInteractive: false,
    };
    const rebuild = () => run(['rebuild', 'pipeline', '--url', second.url], terminal);
    expect(await rebuild()).toBe(1);
    expect(said).toContain(writer);
    await first.stop();
    await eventually(async () => ((await rebuild()) === 0 ? true : undefined), 60_000);
    expect(said).toContain('identical to the one in use');
  });
});
