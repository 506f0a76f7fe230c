import { randomBytes, randomUUID } from 'node:crypto';
import { ContactAdded, CustomerRegistered, OwnerAssigned, ShipmentPreferenceSet } from '#contexts/customers/customer/events';
import { InteractionLogged } from '#contexts/customers/interaction/events';
import { OrderConfirmed, OrderPlaced } from '#contexts/orders/order/events';
import {
  OpportunityAdvanced,
  OpportunityCorrected,
  OpportunityOpened,
  OpportunityRegressed,
} from '#contexts/sales/opportunity/events';
import { type AnyFactType, type Fact, type Moment, type Sealed, streamName } from '#kernel';
import type { NewFact } from '#runtime/ports';

export interface MadeFact {
  readonly stream: string;
  /** The stream's revision before it. */
  readonly expected: number;
  readonly fact: NewFact;
}

const TENANT = 'main';
const owners = Array.from({ length: 50 }, () => randomUUID() as string);
const products = Array.from({ length: 20 }, () => randomUUID() as string);
const of = <T>(list: readonly T[], number: number): T => list[number % list.length] as T;

/** A customer with one opportunity and one order, telling its facts one by one. After the tenth they only change what is there. */
export class CustomerStory {
  readonly #customerId = randomUUID();
  readonly #opportunityId = randomUUID();
  readonly #orderId = randomUUID();
  readonly #contactId = randomUUID();
  readonly #lineId = randomUUID();
  readonly #revisions = { customer: -1, opportunity: -1, order: -1 };
  #told = 0;

  constructor(private readonly number: number) {}

  next(occurredAt: Moment): MadeFact {
    const told = this.#told++;
    const scene = told < BEGINNING.length ? of(BEGINNING, told) : of(MIDDLE, told - BEGINNING.length);
    return this[scene](occurredAt, told);
  }

  registered(at: Moment): MadeFact {
    const customerId = this.#customerId;
    return this.#customer(at, (seal) =>
      CustomerRegistered({ customerId, kind: 'ORGANISATION', name: seal('name', customerId, 24), segment: 'retail' }),
    );
  }

  opened(at: Moment): MadeFact {
    return this.#opportunity(
      at,
      OpportunityOpened({
        opportunityId: this.#opportunityId,
        customerId: this.#customerId,
        ownerId: of(owners, this.number),
        productId: of(products, this.number),
        campaign: 'spring-fair',
        amount: 1_000_00 + this.number,
        currency: 'EUR',
        phase: 'PROSPECTING',
        probability: 10,
      }),
    );
  }

  assigned(at: Moment): MadeFact {
    return this.#customer(at, () => OwnerAssigned({ customerId: this.#customerId, ownerId: of(owners, this.number) }));
  }

  contact(at: Moment): MadeFact {
    const [customerId, contactId] = [this.#customerId, this.#contactId];
    return this.#customer(at, (seal) =>
      ContactAdded({
        customerId,
        contactId,
        name: seal('name', contactId, 16),
        email: seal('email', contactId, 28),
        role: 'BUYER',
      }),
    );
  }

  prefers(at: Moment, told: number): MadeFact {
    const carrier = of(['DHL', 'UPS', 'DPD'], told);
    return this.#customer(at, () => ShipmentPreferenceSet({ customerId: this.#customerId, carrier, window: '08:00-12:00' }));
  }

  spoke(at: Moment): MadeFact {
    const interactionId = randomUUID();
    const customerId = this.#customerId;
    return this.#made('interaction', interactionId, -1, at, { customer: customerId }, (seal) =>
      InteractionLogged({
        interactionId,
        customerId,
        channel: 'PHONE',
        direction: 'INBOUND',
        subject: seal('subject', customerId, 60),
      }),
    );
  }

  advanced(at: Moment): MadeFact {
    return this.#moved(OpportunityAdvanced, at, 'PROSPECTING', 'PROPOSAL', 65);
  }

  regressed(at: Moment): MadeFact {
    return this.#moved(OpportunityRegressed, at, 'PROPOSAL', 'PROSPECTING', 10);
  }

  corrected(at: Moment, told: number): MadeFact {
    const amount = 1_000_00 + this.number + told;
    return this.#opportunity(at, OpportunityCorrected({ opportunityId: this.#opportunityId, amount }));
  }

  placed(at: Moment): MadeFact {
    const lines = [{ lineId: this.#lineId, description: 'GTX Pro', quantity: 2, unitPrice: 500_00, amount: 1_000_00 }];
    return this.#order(
      at,
      OrderPlaced({
        orderId: this.#orderId,
        customerId: this.#customerId,
        ownerId: of(owners, this.number),
        channel: 'DIRECT',
        currency: 'EUR',
        lines,
        amount: 1_000_00,
        paymentTermDays: 30,
      }),
    );
  }

  confirmed(at: Moment): MadeFact {
    return this.#order(at, OrderConfirmed({ orderId: this.#orderId }));
  }

  #moved(
    type: typeof OpportunityAdvanced | typeof OpportunityRegressed,
    at: Moment,
    from: string,
    to: string,
    probability: number,
  ): MadeFact {
    return this.#opportunity(at, type({ opportunityId: this.#opportunityId, from, to, daysInPhase: 12.25, probability }));
  }

  #customer(at: Moment, make: (seal: Seal) => Fact): MadeFact {
    return this.#made('customer', this.#customerId, this.#revisions.customer++, at, { customer: this.#customerId }, make);
  }

  #opportunity(at: Moment, fact: Fact): MadeFact {
    const refs = {
      opportunity: this.#opportunityId,
      customer: this.#customerId,
      owner: of(owners, this.number),
      product: of(products, this.number),
    };
    return this.#made('opportunity', this.#opportunityId, this.#revisions.opportunity++, at, refs, () => fact);
  }

  #order(at: Moment, fact: Fact): MadeFact {
    const refs = { order: this.#orderId, customer: this.#customerId, owner: of(owners, this.number) };
    return this.#made('order', this.#orderId, this.#revisions.order++, at, refs, () => fact);
  }

  #made(
    aggregate: string,
    streamId: string,
    expected: number,
    at: Moment,
    refs: Readonly<Record<string, string>>,
    make: (seal: Seal) => Fact,
  ): MadeFact {
    const id = randomUUID();
    const subjects = new Set<string>();
    const { type, data } = make((field, person, length) => {
      subjects.add(`${person}.contact`);
      return {
        $sealed: `1.${person}.contact.${id}.${field}.${randomBytes(28 + length).toString('base64url')}`,
      } as Sealed<string>;
    });
    const metadata = {
      actor: { kind: 'service', id: of(owners, 0) },
      commandId: randomUUID(),
      refs,
      ...(subjects.size > 0 && { subjects: [...subjects] }),
      digest: 'AbCdEfGhIjKlMnOpQrStUv',
    };
    return {
      stream: streamName(aggregate, TENANT, streamId),
      expected,
      fact: {
        id,
        type,
        schemaVersion: 1,
        occurredAt: at,
        recordedAt: at,
        data: JSON.stringify(data),
        metadata: JSON.stringify(metadata),
      },
    };
  }
}

type Seal = (field: string, person: string, length: number) => Sealed<string>;
type Scene = Exclude<keyof CustomerStory, 'next'>;

const BEGINNING: readonly Scene[] = [
  'registered',
  'opened',
  'assigned',
  'advanced',
  'contact',
  'corrected',
  'spoke',
  'placed',
  'confirmed',
  'corrected',
];
const MIDDLE: readonly Scene[] = ['regressed', 'prefers', 'corrected', 'advanced', 'spoke', 'corrected'];

/** The types whose facts are told; the schemas of these hold for the data. */
export const toldTypes: readonly AnyFactType[] = [
  CustomerRegistered,
  OpportunityOpened,
  OwnerAssigned,
  OpportunityAdvanced,
  OpportunityRegressed,
  ContactAdded,
  OpportunityCorrected,
  InteractionLogged,
  OrderPlaced,
  OrderConfirmed,
  ShipmentPreferenceSet,
];
