import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AnnalsClient, AnnalsRefusal, AnnalsUnavailable, type Retry } from '../../libs/client/index.js';
import { CuttingProxy } from '../support/cutting-proxy.js';
import { temporaryFolder } from '../support/house.js';
import { type ServerProcess, startServer } from '../support/server.js';

const refusalOf = async (work: Promise<unknown>): Promise<AnnalsRefusal> =>
  work.then(
    () => Promise.reject(new Error('It was not refused.')),
    (error: unknown) => {
      expect(error).toBeInstanceOf(AnnalsRefusal);
      return error as AnnalsRefusal;
    },
  );

describe('the typed client', () => {
  let server: ServerProcess;
  let client: AnnalsClient;
  beforeAll(async () => {
    server = await startServer(temporaryFolder());
    client = new AnnalsClient({ url: server.url, token: server.token });
  });

  it('has a method for each command and view, and reads its own writes at once', async () => {
    const { id, outcome } = await client.commands.openOpportunity({ amount: 120_000, currency: 'EUR' });
    expect(outcome).toBe('created');
    for (let amount = 1; amount <= 20; amount++) {
      await client.commands.correctOpportunity({ opportunityId: id, amount });
      const { document } = await client.views.pipeline.get(id);
      expect(document.amount).toBe(amount);
    }
    await client.commands.advanceOpportunity({ opportunityId: id, to: 'PROPOSAL' });
    const { items } = await client.views.pipeline.list({
      where: { 'amount[lte]': 20, 'phase[in]': ['PROPOSAL', 'NEGOTIATION'] },
    });
    expect(items.map(({ key }) => key)).toEqual([id]);
    const { groups } = await client.views.pipeline.groups({ group: ['status'], sum: ['amount'] });
    expect(groups).toEqual([{ status: 'OPEN', currency: 'EUR', count: 1, amount: 20 }]);
  });

  it('says what a command would do without doing it', async () => {
    const would = await client.dryRun.openOpportunity({ amount: 77, currency: 'DKK' }, { idempotencyKey: 'tried' });
    expect(would).toMatchObject({
      outcome: 'created',
      revision: -1,
      facts: [{ type: 'OpportunityOpened', data: { amount: 77 } }],
    });
    expect((await client.views.pipeline.list({ where: { currency: 'DKK' } })).items).toEqual([]);
    const { id } = await client.commands.openOpportunity({ amount: 77, currency: 'DKK' }, { idempotencyKey: 'tried' });
    expect(id).toBe(would.id);
    const refusal = await refusalOf(client.dryRun.advanceOpportunity({ opportunityId: id, to: 'NOWHERE' }));
    expect(refusal.code).toBe('phase-unknown');
  });

  it('says of many commands what each would do, in their order, without doing any of them', async () => {
    const lines = await client.dryRunLines([
      { command: 'OpenOpportunity', key: 'lines', payload: { amount: 1, currency: 'SEK' } },
      { command: 'OpenOpportunity', payload: { amount: 1, currency: 'sek' } },
      { command: 'NoSuchCommand' },
    ]);
    expect(lines).toMatchObject([
      {
        line: 1,
        key: 'lines',
        status: 200,
        answer: { dryRun: true, outcome: 'created', facts: [{ type: 'OpportunityOpened' }] },
      },
      { line: 2, status: 400, problem: { type: '/problems/invalid-command' } },
      { line: 3, status: 400, problem: { type: '/problems/malformed-request' } },
    ]);
    expect((await client.views.pipeline.list({ where: { currency: 'SEK' } })).items).toEqual([]);
  });

  it('sends many commands, each with an answer of its own, and sees them', async () => {
    const lines = [
      { command: 'OpenOpportunity', key: 'many-1', payload: { amount: 1, currency: 'HUF', campaign: 'spring, fair' } },
      { command: 'OpenOpportunity', payload: { amount: 1, currency: 'huf' } },
      { command: 'OpenOpportunity', payload: { amount: 2, currency: 'HUF', campaign: 'spring' } },
    ];
    const answers = await client.sendLines(lines);
    expect(answers.map(({ line, status }) => [line, status])).toEqual([
      [1, 201],
      [2, 400],
      [3, 201],
    ]);
    expect((await client.views.pipeline.list({ where: { currency: 'HUF' } })).items).toHaveLength(2);
    const { items } = await client.views.pipeline.list({ where: { 'campaign[in]': ['spring, fair', 'autumn'] } });
    expect(items.map(({ key }) => key)).toEqual([answers[0]?.answer?.id]);
    expect((await client.sendLines(lines.slice(0, 1)))[0]?.answer).toEqual(answers[0]?.answer);
  });

  it('gives every document of a list, page after page', async () => {
    const amounts = Array.from({ length: 7 }, (_, index) => 1_000 + index);
    for (const amount of amounts) await client.commands.openOpportunity({ amount, currency: 'CHF' });
    const found: (number | undefined)[] = [];
    for await (const { document } of client.views.pipeline.all({ where: { currency: 'CHF' }, sort: 'amount', limit: 3 }))
      found.push(document.amount);
    expect(found).toEqual(amounts);
  });

  it('answers a command sent again with its key as before', async () => {
    const command = { kind: 'ORGANISATION', name: 'Acme Corporation' } as const;
    const first = await client.commands.registerCustomer(command, { idempotencyKey: 'acme' });
    expect(await client.commands.registerCustomer(command, { idempotencyKey: 'acme' })).toEqual(first);
  });

  it('throws refusals at once, with their code, fields and key', async () => {
    const retries: Retry[] = [];
    const told = new AnnalsClient({ url: server.url, token: server.token, onRetry: (retry) => retries.push(retry) });
    const shapeless = await refusalOf(
      told.commands.openOpportunity({ amount: -1, currency: 'eur' }, { idempotencyKey: 'wrong' }),
    );
    expect(shapeless).toMatchObject({ status: 400, code: 'invalid-command', idempotencyKey: 'wrong' });
    expect(Object.keys(shapeless.fields)).toContain('currency');
    const { id } = await told.commands.openOpportunity({ amount: 5, currency: 'EUR' });
    const stale = await refusalOf(told.commands.correctOpportunity({ opportunityId: id, amount: 6 }, { ifRevision: 7 }));
    expect(stale.status).toBe(412);
    const stranger = new AnnalsClient({ url: server.url, token: 'annals_nobody', onRetry: (retry) => retries.push(retry) });
    expect(await refusalOf(stranger.whoami())).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(retries).toEqual([]);
  });

  it('waits for a process that finishes a command, and then sees what it did', async () => {
    const { id: leadId } = await client.commands.createLead({ source: 'TRADE_SHOW', name: 'Ada Example' });
    await client.commands.assignLead({ leadId, ownerId: crypto.randomUUID() });
    await client.commands.qualifyLead({ leadId });
    const { outcome, process } = await client.commands.convertLead({ leadId, amount: 700, currency: 'SEK' }, { settle: 20 });
    expect(outcome).toBe('accepted');
    expect(await client.settled(process as string)).toMatchObject({ status: 'DONE' });
    const { items } = await client.views.pipeline.list({ where: { currency: 'SEK' } });
    expect(items).toHaveLength(1);
  });

  it('asks for its token before every attempt', async () => {
    let asked = 0;
    const renewing = new AnnalsClient({
      url: server.url,
      token: async () => {
        asked++;
        return server.token;
      },
    });
    expect((await renewing.whoami()).tenant).toBe('main');
    await renewing.whoami();
    expect(asked).toBe(2);
  });
});

describe('a server that dies between sending and answering', () => {
  it('has done the command once, and the client gets its answer from the next server', async () => {
    const folder = temporaryFolder();
    const first = await startServer(folder);
    const proxy = await CuttingProxy.to(first.url);
    try {
      const retries: Retry[] = [];
      const client = new AnnalsClient({ url: proxy.url, token: first.token, onRetry: (retry) => retries.push(retry) });
      await client.whoami();
      let next: Promise<ServerProcess> | undefined;
      proxy.cutNextAnswer(async () => {
        await first.stop('SIGKILL');
        next = startServer(folder).then((server) => {
          proxy.target = server.url;
          return server;
        });
      });
      const answer = await client.commands.openOpportunity({ amount: 42, currency: 'NOK' });
      expect(answer).toMatchObject({ outcome: 'created', revision: 0 });
      expect(retries.length).toBeGreaterThan(0);
      const { items } = await client.views.pipeline.list({ where: { currency: 'NOK' } });
      expect(items.map(({ key }) => key)).toEqual([answer.id]);
      expect(await (await (next as Promise<ServerProcess>)).get(`/v1/facts?stream=${answer.stream}`)).toMatchObject({
        facts: [{ type: 'OpportunityOpened' }],
      });
    } finally {
      proxy.close();
    }
  });
});

describe('a server that is busy', () => {
  const closing: (() => void)[] = [];
  afterAll(() => {
    for (const close of closing) close();
  });
  const serverThat = async (answer: RequestListener): Promise<string> => {
    const server = createServer(answer).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    closing.push(() => server.close().closeAllConnections());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  it('is asked again with the same key and body, no earlier than it said', async () => {
    const seen: { readonly key: string | undefined; readonly body: string; readonly at: number }[] = [];
    const url = await serverThat(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      seen.push({ key: request.headers['idempotency-key'] as string | undefined, body, at: performance.now() });
      if (seen.length === 1) response.writeHead(429, { 'retry-after': '1' }).end();
      else response.writeHead(201, { 'content-type': 'application/json' }).end('{"position":"abcdefgh.0000000000000001"}');
    });
    const client = new AnnalsClient({ url, token: 'any' });
    await client.commands.openOpportunity({ amount: 5, currency: 'EUR' });
    const [one, other] = seen;
    expect(seen).toHaveLength(2);
    expect(other).toMatchObject({ key: one?.key, body: one?.body });
    expect(one?.key).toMatch(/^[0-9a-f-]{36}$/);
    // timers of Node may fire a millisecond early
    expect((other?.at ?? 0) - (one?.at ?? 0)).toBeGreaterThanOrEqual(995);
  });

  it('is given up when patience ends, with the key to send again', async () => {
    const url = await serverThat((_request, response) => void response.writeHead(503, { 'retry-after': '1' }).end());
    const client = new AnnalsClient({ url, token: 'any', patience: 500 });
    const error = await client.commands
      .openOpportunity({ amount: 5, currency: 'EUR' }, { idempotencyKey: 'mine' })
      .catch((error: unknown) => error);
    expect(error).toBeInstanceOf(AnnalsUnavailable);
    expect(error).toMatchObject({ idempotencyKey: 'mine', problem: { status: 503 } });
  });

  it('that never answers is given up after the time of an attempt', async () => {
    const url = await serverThat(() => {});
    const client = new AnnalsClient({ url, token: 'any', timeout: 100, patience: 0 });
    await expect(client.whoami()).rejects.toBeInstanceOf(AnnalsUnavailable);
  });
});
