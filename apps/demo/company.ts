import { derivedId } from '#kernel';
import type { BatchLine } from '../cli/client/client.js';
import { contractHistory } from './contracts.js';
import { customerHistory } from './customers.js';
import { dealHistory } from './deals.js';
import { leadHistory } from './leads.js';
import { type Happening, Ledger } from './ledger.js';
import { ticketHistory } from './tickets.js';
import { products } from './words.js';

export interface Company {
  /** In the order in which they are sent; the same for the same seed and day on every machine. */
  readonly commands: readonly BatchLine[];
  /** Sent after them, without a business time: what happens today. */
  readonly today: readonly BatchLine[];
  readonly pipelineId: string;
  /** Things worth a look. */
  readonly showcase: { readonly customerId: string; readonly orderId: string };
}

const YEARS = 3;
const DAY = 86_400_000;
/** No clock fact is due later than this after what it follows from: stall limits and the last reminder. */
const CLOCK_REACH = 100 * DAY;

/**
 * A sample company: three years up to the end of the day before `until` (a day, UTC). Whatever came later in the life of a
 * thing rules its clock facts out; only the last fact of a thing asks for them, so that nothing overtakes its own history.
 * `size` 0.1 is a tenth of the customers, leads and opportunities.
 */
export function companyOf(seed: number, until: string, size = 1): Company {
  const end = Date.parse(`${until}T00:00:00.000Z`);
  const start = end - YEARS * 365 * DAY;
  const ledger = new Ledger(seed, start, end);
  const pipelineId = ledger.id('pipeline', 'direct');
  const agents = Array.from({ length: 12 }, (_, index) => ledger.id('agent', index));
  const productIds = products.map(({ sku }) => ledger.id('product', sku));

  ledger.add('DefinePipeline', start, { pipelineId, name: 'Direct sales', phases: phases() });
  for (const [index, { sku, name, series, price }] of products.entries()) {
    const productId = productIds[index];
    ledger.add('DefineProduct', start, { productId, sku, name, series });
    ledger.add('PriceProduct', start, { productId, amount: price, currency: 'EUR' });
    ledger.add('PriceProduct', start + 500 * DAY, { productId, amount: Math.round(price * 1.04), currency: 'EUR' });
  }
  const customers = customerHistory(ledger, agents, size);
  const leads = leadHistory(ledger, agents, size);
  const deals = dealHistory(ledger, { agents, customers, pipelineId, productIds, size });
  const tickets = ticketHistory(ledger, agents, customers, size);

  contractHistory(ledger, size);

  const happenings = ledger.inOrder();
  const lastOfStream = new Map<string, Happening>();
  for (const happening of happenings) lastOfStream.set(happening.stream, happening);
  const cutOver = new Date(end + CLOCK_REACH).toISOString();
  const commands = happenings.map((happening, index): BatchLine => {
    const { command, payload, at, stream } = happening;
    const imported = { cutOver, clock: lastOfStream.get(stream) === happening };
    return {
      command,
      key: derivedId('demo', String(seed), until, String(index)),
      payload,
      occurredAt: new Date(at).toISOString(),
      imported,
    };
  });
  const today = [
    ...leads.ready.map((leadId) => ({
      command: 'ConvertLead',
      payload: { leadId, amount: 129_000, currency: 'EUR', pipelineId },
    })),
    ...deals.ready.map((opportunityId) => ({ command: 'WinOpportunity', payload: { opportunityId } })),
    ...tickets.today,
  ];
  return {
    commands,
    today: today.map(({ command, payload }, index) => ({
      command,
      key: derivedId('demo', String(seed), until, 'today', String(index)),
      payload,
    })),
    pipelineId,
    showcase: deals.showcase,
  };
}

const phases = () => [
  { name: 'PROSPECTING', probability: 10, kind: 'OPEN', stallDays: 60 },
  { name: 'QUALIFICATION', probability: 25, kind: 'OPEN', stallDays: 45 },
  { name: 'PROPOSAL', probability: 50, kind: 'OPEN', stallDays: 30 },
  { name: 'NEGOTIATION', probability: 75, kind: 'OPEN', stallDays: 21 },
  { name: 'CLOSED_WON', probability: 100, kind: 'WON' },
  { name: 'CLOSED_LOST', probability: 0, kind: 'LOST' },
];
