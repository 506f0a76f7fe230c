import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '../../apps/cli/client/client.js';
import { definitions } from '../../apps/cli/definitions.js';
import { readMapping } from '../../apps/cli/import/mapping.js';
import { planOf } from '../../apps/cli/import/plan.js';
import { RejectsFile } from '../../apps/cli/import/rejects.js';
import { runImport } from '../../apps/cli/import/run-import.js';
import { loadConfig } from '../../apps/server/config.js';
import { type RunningServer, startServer } from '../../apps/server/start.js';
import { eventually, temporaryFolder } from '../support/house.js';

const folder = process.env.ANNALS_REAL_DATA;
if (folder === undefined) process.stderr.write('Skipped the real order log: ANNALS_REAL_DATA does not name its folder.\n');

interface Steps {
  placed: number;
  confirmed: number;
  paid: number;
  price: number;
  reminders: number;
  /** Items that were out of stock at some time, and the moments at which items were picked. */
  readonly short: string[];
  readonly picked: number[];
  readonly sent: number[];
  readonly delivered: number[];
}

/** What happened to each order, read from the file by code that knows nothing of the import: milliseconds and minor units. */
function counted(): ReadonlyMap<string, Steps> {
  const cells = /("(?:[^"]|"")*"|[^,]*)(?:,|$)/g;
  const ids = (cell = '') => cell.match(/\d+/g) ?? [];
  const orders = new Map<string, Steps>();
  const orderOf = new Map<string, string>();
  const itemsOf = new Map<string, readonly string[]>();
  const [, ...lines] = readFileSync(path.join(folder ?? '', 'ocel_order_simulated.csv'), 'utf8')
    .trim()
    .split('\n');
  for (const line of lines) {
    const [, activity = '', at = '', , items, order, pack, , , price = ''] = [...line.matchAll(cells)].map(([, cell]) => cell);
    const time = Date.parse(at.replace(' ', 'T'));
    const [orderNumber = ''] = ids(order);
    const [packNumber = ''] = ids(pack);
    const known = orders.get(orderNumber);
    if (activity === 'place order') {
      const price100 = Math.round(Number(price) * 100);
      orders.set(orderNumber, {
        ...{ placed: time, confirmed: Number.NaN, paid: Number.NaN, price: price100, reminders: 0 },
        ...{ short: [], picked: [], sent: [], delivered: [] },
      });
      for (const item of ids(items)) orderOf.set(item, orderNumber);
    } else if (activity === 'create package') itemsOf.set(packNumber, ids(items));
    else if (activity === 'confirm order' && known) known.confirmed = time;
    else if (activity === 'pay order' && known) known.paid = time;
    else if (activity === 'payment reminder' && known) known.reminders++;
    else if (activity === 'item out of stock')
      for (const item of ids(items)) orders.get(orderOf.get(item) ?? '')?.short.push(item);
    else if (activity === 'pick item') for (const item of ids(items)) orders.get(orderOf.get(item) ?? '')?.picked.push(time);
    else if (activity === 'send package' || activity === 'package delivered')
      for (const item of itemsOf.get(packNumber) ?? [])
        orders.get(orderOf.get(item) ?? '')?.[activity === 'send package' ? 'sent' : 'delivered'].push(time);
  }
  return orders;
}

interface OrderDocument {
  readonly orderNumber: string;
  readonly status: string;
  readonly paidAmount: number;
  readonly reminders: number;
  readonly daysOrderToCash: number;
  readonly placedAt: string;
  readonly confirmedAt: string;
  readonly firstShippedAt: string;
  readonly fullyShippedAt: string;
  readonly firstDeliveredAt: string;
  readonly fullyDeliveredAt: string;
  readonly fullyPaidAt: string;
  readonly fullyPickedAt: string;
  readonly pickedUnits: number;
  readonly backorderedUnits: number;
  readonly everBackorderedUnits: number;
}

(folder === undefined ? describe.skip : describe)('the real order log (ORD-03, ORD-05, ORD-06)', () => {
  let server: RunningServer;
  let client: Client;

  beforeAll(async () => {
    const root = temporaryFolder();
    server = await startServer(
      loadConfig({
        ANNALS_DATA: path.join(root, 'data'),
        ANNALS_SECRETS: path.join(root, 'secrets'),
        ANNALS_PORT: '0',
        ANNALS_LOG_LEVEL: 'error',
      }),
    );
    client = new Client(server.url, readFileSync(server.adminTokenFile, 'utf8').trim());
    const file = 'mappings/order-log.yml';
    const rejects = new RejectsFile(path.join(root, 'rejects.ndjson'));
    const summaries = await runImport(planOf(readMapping(file), file, definitions()), { folder: folder ?? '', client, rejects });
    expect(summaries.map(({ source, read, imported, rejected }) => [source, read, imported, rejected])).toEqual([
      ['customer', 1, 1, 0],
      ['items', 35360, 0, 0],
      ['orders', 22367, 6514, 0],
      ['stock', 35360, 9823, 0],
      ['packages', 22367, 4366, 0],
    ]);
    // The packages tell their orders; what they told is in the log when all runs have come to their end.
    await eventually(async () => {
      const { groups } = await read<{ groups: readonly { status: string; count: number }[] }>('order-to-cash', {
        group: 'status',
      });
      return (groups.length === 1 && groups[0]?.status === 'COMPLETED') || undefined;
    }, 200_000);
  }, 300_000);
  afterAll(() => server?.close());

  async function read<T>(view: string, query: Readonly<Record<string, string>>): Promise<T> {
    const { head } = (await (await client.raw('/health/ready')).json()) as { head: string };
    return client.get<T>(`/v1/views/${view}`, { ...query, minPosition: head });
  }

  async function all(): Promise<readonly OrderDocument[]> {
    const found: OrderDocument[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page: { items: readonly { document: OrderDocument }[]; next?: string } = await read('order-to-cash', {
        limit: '500',
        ...(cursor !== '' && { cursor }),
      });
      found.push(...page.items.map(({ document }) => document));
      cursor = page.next;
    }
    return found;
  }

  it('has 2,000 orders, all paid, with the steps and the days from order to cash as counted from the file', async () => {
    const expected = counted();
    const found = await all();
    expect(found.length).toBe(2000);
    const hundredths = (from: number, to: number) => Math.round((to - from) / 864_000) / 100;
    const moment = (time: number) => new Date(time).toISOString();
    for (const order of found) {
      const steps = expected.get(order.orderNumber);
      if (!steps) throw new Error(`The file has no order ${order.orderNumber}.`);
      expect(order).toMatchObject({
        status: 'COMPLETED',
        paidAmount: steps.price,
        reminders: steps.reminders,
        pickedUnits: steps.picked.length,
        fullyPickedAt: moment(Math.max(...steps.picked)),
        backorderedUnits: 0,
        everBackorderedUnits: steps.short.length,
        placedAt: moment(steps.placed),
        confirmedAt: moment(steps.confirmed),
        firstShippedAt: moment(Math.min(...steps.sent)),
        fullyShippedAt: moment(Math.max(...steps.sent)),
        firstDeliveredAt: moment(Math.min(...steps.delivered)),
        fullyDeliveredAt: moment(Math.max(...steps.delivered)),
        fullyPaidAt: moment(steps.paid),
        daysOrderToCash: hundredths(steps.placed, steps.paid),
      });
    }
  });

  it('has 1,664 items that were out of stock, and 8,159 that were picked (ORD-02)', async () => {
    const { groups } = await read<{ groups: readonly Record<string, number>[] }>('order-to-cash', {
      group: 'currency',
      sum: 'pickedUnits,backorderedUnits,everBackorderedUnits',
    });
    expect(groups[0]).toMatchObject({ pickedUnits: 8159, backorderedUnits: 0, everBackorderedUnits: 1664 });
    const short = [...counted().values()].filter((steps) => steps.short.length > 0).length;
    const waited = await read<{ groups: readonly { count: number }[] }>('order-to-cash', {
      ...{ group: 'currency', 'everBackorderedUnits[gt]': '0' },
    });
    expect(waited.groups[0]?.count).toBe(short);
  });

  it('has 1,325 delivered packages with 8,159 items, and 391 deliveries that failed first', async () => {
    const { groups } = await read<{ groups: readonly unknown[] }>('packages', { group: 'status', sum: 'units,failedDeliveries' });
    expect(groups).toEqual([{ status: 'COMPLETED', count: 1325, units: 8159, failedDeliveries: 391 }]);
  });

  it('went as many ways, and deviated as often from the expected one, as counted from the file (ORD-06)', async () => {
    const found = [...counted().values()].map(({ placed, confirmed, paid, sent, delivered }) => {
      const [left, arrived] = [Math.min(...sent), Math.min(...delivered)];
      // An order is invoiced when it is confirmed: the file has no invoices.
      const steps = { PLACED: placed, CONFIRMED: confirmed, SHIPPED: left, DELIVERED: arrived, INVOICED: confirmed, PAID: paid };
      const variant = Object.entries(steps).sort(([, one], [, other]) => one - other);
      return {
        variant: variant.map(([step]) => step).join('-'),
        shippedBeforeConfirmed: left < confirmed,
        deliveredBeforeConfirmed: arrived < confirmed,
        deliveredBeforeShipped: arrived < left,
        invoicedBeforeShipped: confirmed < left,
        invoicedBeforeDelivered: confirmed < arrived,
        paidBeforeShipped: paid < left,
        paidBeforeDelivered: paid < arrived,
      };
    });
    const [, ...deviations] = Object.keys(found[0] ?? {}) as (keyof (typeof found)[number])[];
    const counts = deviations.map((name) => [name, found.filter((order) => order[name] === true).length] as const);
    const { groups } = await read<{ groups: readonly Record<string, unknown>[] }>('conformance', {
      ...{ group: 'channel', sum: deviations.join(',') },
    });
    expect(groups).toEqual([{ channel: 'ONLINE', count: 2000, ...Object.fromEntries(counts) }]);
    // As the mapping says of the file.
    expect(groups[0]?.shippedBeforeConfirmed).toBe(136);

    const variants = new Map<string, number>();
    for (const { variant } of found) variants.set(variant, (variants.get(variant) ?? 0) + 1);
    expect(variants.size).toBeGreaterThan(3);
    const shown = await read<{ groups: readonly { variant: string; count: number }[] }>('conformance', { group: 'variant' });
    expect(new Map(shown.groups.map(({ variant, count }) => [variant, count]))).toEqual(variants);
  });

  it('knows what was shipped on a day in the past, though the packages came in after the payments', async () => {
    const day = '2020-01-31';
    const end = Date.parse('2020-02-01T00:00:00.000Z');
    const { groups } = await read<{ groups: readonly { count: number }[] }>('order-to-cash', { group: 'currency', asOf: day });
    const placed = [...counted().values()].filter((steps) => steps.placed < end);
    expect(groups[0]?.count).toBe(placed.length);
    const shipped = await read<{ groups: readonly { count: number }[] }>('order-to-cash', {
      group: 'currency',
      asOf: day,
      'fullyShippedAt[lt]': moment(end),
    });
    expect(shipped.groups[0]?.count).toBe(placed.filter(({ sent }) => Math.max(...sent) < end).length);
  });

  it('sent nothing about imported history to anybody', async () => {
    const { facts } = await client.get<{ facts: readonly unknown[] }>('/v1/facts', { type: 'InvoiceBecameOverdue', limit: '1' });
    expect(facts).toEqual([]);
  });
});

const moment = (time: number) => new Date(time).toISOString();
