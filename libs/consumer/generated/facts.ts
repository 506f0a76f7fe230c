// Written by npm run reference from the definitions of the facts; do not edit.

import type { Sealed } from '../sealed.js';

/** The history up to here was signed: whoever keeps the head can tell later whether any of it was changed. */
export interface HeadPublishedV1 {
  /** the head */
  readonly headId: string;
  /** number of facts that the head covers, from the first one of the tenant on */
  readonly size: number;
  /** root of the Merkle tree over them, Base64 */
  readonly root: string;
  /** the signed head, as whoever keeps it can check it */
  readonly note: string;
}

/** A customer became known to the company. */
export interface CustomerRegisteredV1 {
  /** the customer */
  readonly customerId: string;
  /** a natural person or an organisation */
  readonly kind: 'PERSON' | 'ORGANISATION';
  /** name of the person or the organisation */
  readonly name: Sealed<string>;
  /** language to address the customer in, a BCP 47 tag */
  readonly language?: string;
  /** market segment, in the words of the company */
  readonly segment?: string;
}

/** Somebody whom one can reach for this customer became known. */
export interface ContactAddedV1 {
  /** the customer */
  readonly customerId: string;
  /** the contact: a person of its own, whom one can reach for this customer */
  readonly contactId: string;
  /** name of the contact */
  readonly name: Sealed<string>;
  /** e-mail address of the contact */
  readonly email?: Sealed<string>;
  /** phone number of the contact */
  readonly phone?: Sealed<string>;
  /** what the contact does for the customer, such as BUYER */
  readonly role?: string;
}

/** An identifier was found to belong to this customer and to no other. */
export interface IdentifierLinkedV1 {
  /** the customer */
  readonly customerId: string;
  /** the random id that stands for the value of the identifier */
  readonly reservationId: string;
  /** what the identifier is */
  readonly kind: 'EMAIL' | 'PHONE' | 'SOCIAL' | 'EXTERNAL_ID';
  /** the identifier as it was given */
  readonly value: Sealed<string>;
}

/** An identifier no longer belongs to this customer; another one may have it. */
export interface IdentifierUnlinkedV1 {
  /** the customer */
  readonly customerId: string;
  /** the random id that stands for the value of the identifier */
  readonly reservationId: string;
  /** what the identifier is */
  readonly kind: 'EMAIL' | 'PHONE' | 'SOCIAL' | 'EXTERNAL_ID';
}

/** How the customer wants deliveries; it takes the place of the one before. */
export interface ShipmentPreferenceSetV1 {
  /** the customer */
  readonly customerId: string;
  /** carrier, in the words of the company */
  readonly carrier?: string;
  /** time of day for deliveries at the address, HH:MM-HH:MM */
  readonly window?: string;
  /** delivery address as on a label, a line each */
  readonly address?: Sealed<string>;
}

/** A need or wish of the customer; it takes the place of the one of the same key. */
export interface PreferenceRecordedV1 {
  /** the customer */
  readonly customerId: string;
  /** what it is about, lower case words with dashes */
  readonly key: string;
  /** what the customer wants */
  readonly value: Sealed<string>;
  /** the customer said so, a representative noted it, or behaviour showed it */
  readonly source: 'CUSTOMER' | 'REPRESENTATIVE' | 'OBSERVED';
}

/** A customer without an owner got one. */
export interface OwnerAssignedV1 {
  /** the customer */
  readonly customerId: string;
  /** the employee who owns the customer */
  readonly ownerId: string;
}

/** Another employee owns the customer now. */
export interface OwnershipTransferredV1 {
  /** the customer */
  readonly customerId: string;
  /** the employee who owned the customer */
  readonly from: string;
  /** the employee who owns the customer now */
  readonly to: string;
}

/** This customer is the same as another one and is shown under it. */
export interface CustomersMergedV1 {
  /** the customer */
  readonly customerId: string;
  /** the customer under whom both are shown */
  readonly survivorId: string;
}

/** This customer turned out not to be the one it was merged with. */
export interface CustomersUnmergedV1 {
  /** the customer */
  readonly customerId: string;
  /** the customer under whom both were shown */
  readonly survivorId: string;
}

/** The personal data of this customer and its contacts were destroyed; counts and sums stay. */
export interface CustomerErasedV1 {
  /** the customer */
  readonly customerId: string;
  /** the customer and all its contacts */
  readonly persons: readonly string[];
  /** those shown under it, who are erased with it */
  readonly merged?: readonly string[];
  /** the customer under whom it was shown */
  readonly survivorId?: string;
  /** personal fields of the customer that a law keeps, and until when; their keys are not destroyed yet */
  readonly kept?: readonly {
    /** class of the personal fields that a law keeps */
    readonly retention: 'billing';
    /** until when the law keeps them; then their key is destroyed (UTC, milliseconds) */
    readonly until: string;
  }[];
  /** classes that a law had kept until before; their keys were destroyed too */
  readonly ended?: readonly 'billing'[];
}

/** The law keeps these personal fields of an erased customer no longer; their key was destroyed. */
export interface RetentionEndedV1 {
  /** the customer */
  readonly customerId: string;
  /** class of the personal fields that a law keeps */
  readonly retention: 'billing';
  /** whose keys were destroyed */
  readonly persons: readonly string[];
  /** personal fields of the customer that a law keeps, and until when; their keys are not destroyed yet */
  readonly kept?: readonly {
    /** class of the personal fields that a law keeps */
    readonly retention: 'billing';
    /** until when the law keeps them; then their key is destroyed (UTC, milliseconds) */
    readonly until: string;
  }[];
}

/** Somebody of the company and a customer were in touch. */
export interface InteractionLoggedV1 {
  /** the interaction */
  readonly interactionId: string;
  /** the customer */
  readonly customerId: string;
  /** the contact who spoke for the customer */
  readonly contactId?: string;
  /** how they were in touch */
  readonly channel: 'PHONE' | 'EMAIL' | 'CHAT' | 'SOCIAL' | 'WEB' | 'POST' | 'IN_PERSON' | 'MEETING';
  /** from the customer (INBOUND) or to the customer (OUTBOUND) */
  readonly direction: 'INBOUND' | 'OUTBOUND';
  /** what it was about */
  readonly subject: Sealed<string>;
  /** how long it took, in seconds */
  readonly seconds?: number;
  /** the touchpoint where it took place */
  readonly touchpointId?: string;
  /** the opportunity that it was about */
  readonly opportunityId?: string;
  /** the order that it was about */
  readonly orderId?: string;
}

/** The company has a new place where it meets its customers. */
export interface TouchpointRegisteredV1 {
  /** the touchpoint */
  readonly touchpointId: string;
  /** how the company calls it */
  readonly name: string;
  /** the channel that it belongs to */
  readonly channel: 'PHONE' | 'EMAIL' | 'CHAT' | 'SOCIAL' | 'WEB' | 'POST' | 'IN_PERSON' | 'MEETING';
}

/** A product was added to the catalogue, without a price yet. */
export interface ProductDefinedV1 {
  /** the product */
  readonly productId: string;
  /** the claim that keeps its SKU from being used twice */
  readonly reservationId?: string;
  /** stock keeping unit: the code by which people know the product */
  readonly sku: string;
  /** name as shown to customers */
  readonly name: string;
  /** product line or family */
  readonly series?: string;
}

/** A product has this list price in this currency from now on. */
export interface ProductPricedV1 {
  /** the product */
  readonly productId: string;
  /** list price of one piece, before discounts and tax, in minor units of its currency */
  readonly amount: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
}

/** The description of a product was changed; the fact says what it is now. */
export interface ProductRevisedV1 {
  /** the product */
  readonly productId: string;
  /** name as shown to customers */
  readonly name: string;
  /** product line or family; left out: none */
  readonly series?: string;
}

/** A product is not sold any more. */
export interface ProductRetiredV1 {
  /** the product */
  readonly productId: string;
}

/** A retired product is sold again, at its last prices. */
export interface ProductReintroducedV1 {
  /** the product */
  readonly productId: string;
}

/** Somebody showed interest; nobody has been asked to look after it yet. */
export interface LeadCreatedV1 {
  /** the lead */
  readonly leadId: string;
  /** the person who is the lead; becomes the contact of the customer when the lead is converted */
  readonly personId: string;
  /** name of the person */
  readonly name: Sealed<string>;
  /** e-mail address */
  readonly email?: Sealed<string>;
  /** telephone number */
  readonly phone?: Sealed<string>;
  /** what was said */
  readonly notes?: Sealed<string>;
  /** name of the company, where the lead speaks for one */
  readonly companyName?: Sealed<string>;
  /** where the lead came from */
  readonly source: 'WEB_SITE' | 'E_MAIL' | 'CAMPAIGN' | 'COLD_CALL' | 'DIRECT_MAIL' | 'TRADE_SHOW' | 'CONFERENCE' | 'WORD_OF_MOUTH' | 'PARTNER' | 'EMPLOYEE' | 'EXISTING_CUSTOMER' | 'PUBLIC_RELATIONS' | 'SELF_GENERATED' | 'OTHER';
  /** code of the campaign that brought the lead */
  readonly campaign?: string;
  /** the customer, where an existing one shows a new interest */
  readonly customerId?: string;
}

/** A sales agent looks after the lead from now on. */
export interface LeadAssignedV1 {
  /** the lead */
  readonly leadId: string;
  /** the sales agent */
  readonly ownerId: string;
  /** the sales agent who looked after it before */
  readonly previousOwnerId?: string;
}

/** The lead was found worth working on; work on it has begun. */
export interface LeadQualifiedV1 {
  /** the lead */
  readonly leadId: string;
}

/** The lead is dead: it will not become business. */
export interface LeadDisqualifiedV1 {
  /** the lead */
  readonly leadId: string;
  /** the person who is the lead; becomes the contact of the customer when the lead is converted */
  readonly personId: string;
  /** why */
  readonly reason: 'NO_INTEREST' | 'NO_BUDGET' | 'NO_FIT' | 'UNREACHABLE' | 'DUPLICATE' | 'OTHER';
  /** why, in words */
  readonly notes?: Sealed<string>;
}

/** The lead is put back to be taken up again later, by whoever it is assigned to then. */
export interface LeadRecycledV1 {
  /** the lead */
  readonly leadId: string;
}

/** It was decided that the lead becomes a customer with a contact and an opportunity; names all of them before any of them is made. */
export interface LeadConversionStartedV1 {
  /** the lead */
  readonly leadId: string;
  /** the person who is the lead; becomes the contact of the customer when the lead is converted */
  readonly personId: string;
  /** the customer: an existing one, or the one to be registered */
  readonly customerId: string;
  /** whether the customer is to be registered; false: it exists */
  readonly registersCustomer: boolean;
  /** the contact to be added; the same id as the person */
  readonly contactId: string;
  /** the opportunity to be opened */
  readonly opportunityId: string;
  /** name of the person */
  readonly name: Sealed<string>;
  /** e-mail address */
  readonly email?: Sealed<string>;
  /** telephone number */
  readonly phone?: Sealed<string>;
  /** name of the company, where the lead speaks for one */
  readonly companyName?: Sealed<string>;
  /** code of the campaign that brought the lead */
  readonly campaign?: string;
  /** the sales agent who will own the opportunity */
  readonly ownerId?: string;
  /** the product the opportunity is about */
  readonly productId?: string;
  /** the pipeline the opportunity goes through; left out: the default one */
  readonly pipelineId?: string;
  /** amount of the opportunity, in minor units of its currency */
  readonly amount: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** when the opportunity is expected to close (UTC, milliseconds) */
  readonly expectedClose?: string;
}

/** The lead has become a customer, a contact and an opportunity; all three exist. */
export interface LeadConvertedV1 {
  /** the lead */
  readonly leadId: string;
  /** the customer */
  readonly customerId: string;
  /** the contact */
  readonly contactId: string;
  /** the opportunity */
  readonly opportunityId: string;
}

/** The person behind the lead was forgotten: the keys of their personal fields are destroyed. */
export interface LeadErasedV1 {
  /** the lead */
  readonly leadId: string;
  /** whose keys are destroyed */
  readonly persons: readonly string[];
}

/** There is a possibility of selling something. */
export interface OpportunityOpenedV1 {
  /** the opportunity */
  readonly opportunityId: string;
  /** the customer, where one is known */
  readonly customerId?: string;
  /** the sales agent who owns it */
  readonly ownerId?: string;
  /** the product it is about */
  readonly productId?: string;
  /** the lead it came from */
  readonly leadId?: string;
  /** code of the campaign that brought the lead */
  readonly campaign?: string;
  /** the pipeline it goes through; left out: the default one */
  readonly pipelineId?: string;
  /** what it is expected to bring, in minor units of its currency */
  readonly amount: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** the phase it starts in */
  readonly phase: string;
  /** chance of winning in that phase, in percent */
  readonly probability: number;
  /** when it counts as stalled if it is still in that phase; left out: never (UTC, milliseconds) */
  readonly stallsAt?: string;
  /** when it is expected to close (UTC, milliseconds) */
  readonly expectedClose?: string;
}

/** It went on to a later phase. */
export interface OpportunityAdvancedV1 {
  /** the opportunity */
  readonly opportunityId: string;
  /** the phase it left */
  readonly from: string;
  /** days of 24 hours it was in the phase it left, to 1/100 day */
  readonly daysInPhase: number;
  /** the phase it is in now */
  readonly to: string;
  /** chance of winning in that phase, in percent */
  readonly probability: number;
  /** when it counts as stalled if it is still in that phase; left out: never (UTC, milliseconds) */
  readonly stallsAt?: string;
}

/** It went back to an earlier phase. */
export interface OpportunityRegressedV1 {
  /** the opportunity */
  readonly opportunityId: string;
  /** the phase it left */
  readonly from: string;
  /** days of 24 hours it was in the phase it left, to 1/100 day */
  readonly daysInPhase: number;
  /** the phase it is in now */
  readonly to: string;
  /** chance of winning in that phase, in percent */
  readonly probability: number;
  /** when it counts as stalled if it is still in that phase; left out: never (UTC, milliseconds) */
  readonly stallsAt?: string;
}

/** The customer said yes. */
export interface OpportunityWonV1 {
  /** the opportunity */
  readonly opportunityId: string;
  /** the customer, where one is known */
  readonly customerId?: string;
  /** the sales agent who owns it */
  readonly ownerId?: string;
  /** the product it is about */
  readonly productId?: string;
  /** the phase it left */
  readonly from: string;
  /** days of 24 hours it was in the phase it left, to 1/100 day */
  readonly daysInPhase: number;
  /** the closing phase it is in now */
  readonly to: string;
  /** what it brought, in minor units of its currency */
  readonly amount: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** days of 24 hours from its opening to now, to 1/100 day */
  readonly cycleDays: number;
  /** how often it has been won, with this time: more than 1 if it was reopened in between */
  readonly wins: number;
}

/** It did not become business. */
export interface OpportunityLostV1 {
  /** the opportunity */
  readonly opportunityId: string;
  /** the customer, where one is known */
  readonly customerId?: string;
  /** the sales agent who owns it */
  readonly ownerId?: string;
  /** the product it is about */
  readonly productId?: string;
  /** the phase it left */
  readonly from: string;
  /** days of 24 hours it was in the phase it left, to 1/100 day */
  readonly daysInPhase: number;
  /** the closing phase it is in now */
  readonly to: string;
  /** why */
  readonly reason: 'PRICE' | 'COMPETITOR' | 'NO_BUDGET' | 'NO_DECISION' | 'NO_FIT' | 'TIMING' | 'OTHER';
  /** who got the business */
  readonly competitor?: string;
  /** whom the notes are about: the customer, or the opportunity itself where it has none */
  readonly subjectId: string;
  /** why, in words */
  readonly notes?: Sealed<string>;
}

/** A closed opportunity is open again, in the phase it was in before it was closed. */
export interface OpportunityReopenedV1 {
  /** the opportunity */
  readonly opportunityId: string;
  /** the phase it left */
  readonly from: string;
  /** days of 24 hours it was in the phase it left, to 1/100 day */
  readonly daysInPhase: number;
  /** the phase it is in now */
  readonly to: string;
  /** chance of winning in that phase, in percent */
  readonly probability: number;
  /** when it counts as stalled if it is still in that phase; left out: never (UTC, milliseconds) */
  readonly stallsAt?: string;
}

/** It stayed in its phase longer than the pipeline allows; said once for each stay. */
export interface OpportunityStalledV1 {
  /** the opportunity */
  readonly opportunityId: string;
  /** the phase it is in */
  readonly phase: string;
  /** when the allowed time was over (UTC, milliseconds) */
  readonly stalledAt: string;
  /** days of 24 hours that were allowed, to 1/100 day */
  readonly days: number;
}

/** A sales agent owns it from now on. */
export interface OpportunityAssignedV1 {
  /** the opportunity */
  readonly opportunityId: string;
  /** the sales agent */
  readonly ownerId: string;
  /** the sales agent who owned it before */
  readonly previousOwnerId?: string;
}

/** What was recorded about it was wrong; the fact says what it is instead, for the fields that change. */
export interface OpportunityCorrectedV1 {
  /** the opportunity */
  readonly opportunityId: string;
  /** what it is expected to bring, in minor units of its currency */
  readonly amount?: number;
  /** when it is expected to close (UTC, milliseconds) */
  readonly expectedClose?: string;
  /** the product it is about */
  readonly productId?: string;
}

/** What was said in words of an opportunity without a customer was forgotten: its key is destroyed. */
export interface OpportunityNotesErasedV1 {
  /** the opportunity */
  readonly opportunityId: string;
  /** under whose keys the words were sealed */
  readonly persons: readonly string[];
}

/** A pipeline has these phases, in this order, from now on; decisions made before keep what was in force then. */
export interface PipelineDefinedV1 {
  /** the pipeline */
  readonly pipelineId: string;
  /** name of the pipeline */
  readonly name: string;
  /** its phases, in the order in which opportunities go through them */
  readonly phases: readonly ({
    /** name of the phase, unique in its pipeline */
    readonly name: string;
    /** chance that an opportunity in this phase is won, in percent */
    readonly probability: number;
    /** whether opportunities in it are open, won or lost */
    readonly kind: 'OPEN' | 'WON' | 'LOST';
    /** days of 24 hours after which an opportunity still in this phase counts as stalled; left out: never */
    readonly stallDays?: number;
  })[];
}

/** A customer put something into a cart, or took something out of it. */
export interface CartChangedV1 {
  /** the cart */
  readonly cartId: string;
  /** whose cart it is, where that is known */
  readonly customerId?: string;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** all that is in the cart now */
  readonly items: readonly {
    /** the product, where it is in the catalogue */
    readonly productId?: string;
    /** what it is, as the customer reads it */
    readonly description: string;
    /** number of units */
    readonly quantity: number;
    /** price of one unit, in minor units of its currency */
    readonly unitPrice: number;
  }[];
  /** units in the cart */
  readonly units: number;
  /** what they cost together, in minor units of its currency */
  readonly amount: number;
  /** hours without a change after which it counts as abandoned */
  readonly abandonAfterHours: number;
  /** when it counts as abandoned if nothing happens until then; left out: it is empty (UTC, milliseconds) */
  readonly abandonsAt?: string;
}

/** Nothing happened to a cart for as long as it may rest, and it was not ordered; a change takes it up again. */
export interface CartAbandonedV1 {
  /** the cart */
  readonly cartId: string;
  /** whose cart it is, where that is known */
  readonly customerId?: string;
  /** when it had rested for so long (UTC, milliseconds) */
  readonly abandonedAt: string;
  /** units in the cart */
  readonly units: number;
  /** what they cost together, in minor units of its currency */
  readonly amount: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
}

/** What was in a cart was ordered; there is one order of a cart. */
export interface CartOrderedV1 {
  /** the cart */
  readonly cartId: string;
  /** who ordered */
  readonly customerId: string;
  /** the order */
  readonly orderId: string;
}

/** A customer ordered; the order is a draft until it is confirmed. */
export interface OrderPlacedV1 {
  /** the order */
  readonly orderId: string;
  /** who ordered */
  readonly customerId: string;
  /** the won opportunity that led to the order */
  readonly opportunityId?: string;
  /** the sales agent whose order it is */
  readonly ownerId?: string;
  /** number that people use for the order; no two orders share one */
  readonly orderNumber?: string;
  /** how the order reached us */
  readonly channel: 'DIRECT' | 'ONLINE' | 'PHONE' | 'FIELD' | 'PARTNER';
  /** the cart that it was ordered from; no two orders share one */
  readonly cartId?: string;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** all lines of the order, as they are now */
  readonly lines: readonly {
    /** the line, the same through all amendments */
    readonly lineId: string;
    /** the product, where it is in the catalogue */
    readonly productId?: string;
    /** what is ordered, as the customer reads it */
    readonly description: string;
    /** number of units */
    readonly quantity: number;
    /** price of one unit, in minor units of its currency */
    readonly unitPrice: number;
    /** not goods but what comes on top of them, such as freight */
    readonly charge?: boolean;
    /** quantity times unit price, in minor units of its currency */
    readonly amount: number;
  }[];
  /** sum of the lines, in minor units of its currency */
  readonly amount: number;
  /** days from an invoice to its due moment */
  readonly paymentTermDays: number;
  /** when the customer wants to have it at the latest (UTC, milliseconds) */
  readonly requestedBy?: string;
  /** where to deliver */
  readonly shippingAddress?: Sealed<string>;
  /** who is to carry it */
  readonly carrier?: string;
  /** time of day for deliveries at the address, HH:MM-HH:MM */
  readonly window?: string;
  /** what of the shipment is as the customer prefers it; left out where the customer prefers nothing */
  readonly preference?: {
    /** taken from the customer's shipment preference */
    readonly applied: readonly ('carrier' | 'window' | 'address')[];
    /** another one than the customer prefers */
    readonly overridden: readonly ('carrier' | 'window' | 'address')[];
    /** why the order departs from the preference; nothing about a person */
    readonly reason?: string;
  };
  /** what else was agreed */
  readonly note?: Sealed<string>;
}

/** Lines or terms of an order changed. */
export interface OrderAmendedV1 {
  /** the order */
  readonly orderId: string;
  /** who ordered */
  readonly customerId: string;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** all lines of the order, as they are now */
  readonly lines: readonly {
    /** the line, the same through all amendments */
    readonly lineId: string;
    /** the product, where it is in the catalogue */
    readonly productId?: string;
    /** what is ordered, as the customer reads it */
    readonly description: string;
    /** number of units */
    readonly quantity: number;
    /** price of one unit, in minor units of its currency */
    readonly unitPrice: number;
    /** not goods but what comes on top of them, such as freight */
    readonly charge?: boolean;
    /** quantity times unit price, in minor units of its currency */
    readonly amount: number;
  }[];
  /** sum of the lines, in minor units of its currency */
  readonly amount: number;
  /** sum of the lines before the amendment, in minor units of its currency */
  readonly previousAmount: number;
  /** the new moment by which the customer wants to have it (UTC, milliseconds) */
  readonly requestedBy?: string;
  /** where to deliver from now on */
  readonly shippingAddress?: Sealed<string>;
  /** who is to carry it */
  readonly carrier?: string;
  /** time of day for deliveries at the address, HH:MM-HH:MM */
  readonly window?: string;
  /** what of the shipment is as the customer prefers it; left out where the customer prefers nothing */
  readonly preference?: {
    /** taken from the customer's shipment preference */
    readonly applied: readonly ('carrier' | 'window' | 'address')[];
    /** another one than the customer prefers */
    readonly overridden: readonly ('carrier' | 'window' | 'address')[];
    /** why the order departs from the preference; nothing about a person */
    readonly reason?: string;
  };
  /** what else was agreed */
  readonly note?: Sealed<string>;
}

/** We accepted the order; from now on it can be shipped and invoiced. */
export interface OrderConfirmedV1 {
  /** the order */
  readonly orderId: string;
  /** result of the check of the customer's credit */
  readonly creditCheck?: 'PASSED' | 'WAIVED';
  /** why the credit limit was waived; nothing about a person */
  readonly creditReason?: string;
  /** result of the check of our stock */
  readonly stockCheck?: 'PASSED' | 'WAIVED';
}

/** Nothing more is shipped or invoiced until the order is released. */
export interface OrderHeldV1 {
  /** the order */
  readonly orderId: string;
  /** why, in a word or a short phrase; nothing about a person */
  readonly reason: string;
  /** why the credit check held the order: open, committed and this order are above the limit */
  readonly credit?: {
    /** credit limit of the customer, in minor units of its currency */
    readonly limit: number;
    /** what the customer owed us, in minor units of its currency */
    readonly open: number;
    /** what was confirmed of other orders of the customer and not invoiced, in minor units of its currency */
    readonly committed?: number;
    /** sum of the order; after an amendment, of what of it is not invoiced, in minor units of its currency */
    readonly amount: number;
    /** ISO 4217 code of the amounts */
    readonly currency: string;
  };
}

/** The order goes on after a hold. */
export interface OrderReleasedV1 {
  /** the order */
  readonly orderId: string;
  /** why it goes on, in a word or a short phrase; nothing about a person */
  readonly reason?: string;
}

/** The order came to nothing before anything was shipped. */
export interface OrderCancelledV1 {
  /** the order */
  readonly orderId: string;
  /** why, in a word or a short phrase; nothing about a person */
  readonly reason: string;
  /** sum of the lines that will not be shipped, in minor units of its currency */
  readonly amount: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
}

/** What was not shipped will not be; what was shipped is still delivered, invoiced and paid. */
export interface OrderClosedV1 {
  /** the order */
  readonly orderId: string;
  /** why, in a word or a short phrase; nothing about a person */
  readonly reason: string;
}

/** Goods of the order left us in one shipment. */
export interface OrderShippedV1 {
  /** the order */
  readonly orderId: string;
  /** the shipment */
  readonly shipmentId: string;
  /** who carries it */
  readonly carrier?: string;
  /** the lines and how many units of each */
  readonly lines: readonly {
    /** a line of the order */
    readonly lineId: string;
    /** number of units */
    readonly quantity: number;
  }[];
}

/** Goods of the order left us in one shipment. */
export interface OrderShippedV2 {
  /** the order */
  readonly orderId: string;
  /** the shipment: a package, or goods that were sent without one */
  readonly shipmentId: string;
  /** who carries it */
  readonly carrier?: string;
  /** which warehouse it left, in the words of the company */
  readonly warehouse?: string;
  /** the lines and how many units of each */
  readonly lines: readonly {
    /** a line of the order */
    readonly lineId: string;
    /** number of units */
    readonly quantity: number;
  }[];
}

/** Goods of one shipment, or some of them, reached the customer. */
export interface OrderDeliveredV1 {
  /** the order */
  readonly orderId: string;
  /** the shipment that they were part of */
  readonly shipmentId: string;
  /** the lines and how many units of each */
  readonly lines: readonly {
    /** a line of the order */
    readonly lineId: string;
    /** number of units */
    readonly quantity: number;
  }[];
}

/** Goods of one shipment, or some of them, reached the customer. */
export interface OrderDeliveredV2 {
  /** the order */
  readonly orderId: string;
  /** the shipment that they were part of */
  readonly shipmentId: string;
  /** the lines and how many units of each */
  readonly lines: readonly {
    /** a line of the order */
    readonly lineId: string;
    /** number of units */
    readonly quantity: number;
  }[];
  /** the delivery beside the order as it was then */
  readonly compared?: {
    /** when the order was placed (UTC, milliseconds) */
    readonly placedAt: string;
    /** when the shipment left us (UTC, milliseconds) */
    readonly shippedAt: string;
    /** when the customer wanted to have it at the latest (UTC, milliseconds) */
    readonly requestedBy?: string;
    /** with it, all that is ordered of its lines has arrived */
    readonly inFull: boolean;
    /** with it, nothing of the order is left to deliver */
    readonly last: boolean;
    /** its lines have the prices with which they were confirmed, or added after that */
    readonly asAgreed: boolean;
  };
}

/** Goods of one shipment that could not be delivered are with us again, and can be shipped again. */
export interface OrderShipmentReturnedV1 {
  /** the order */
  readonly orderId: string;
  /** the shipment that they were part of */
  readonly shipmentId: string;
  /** the lines and how many units of each */
  readonly lines: readonly {
    /** a line of the order */
    readonly lineId: string;
    /** number of units */
    readonly quantity: number;
  }[];
  /** why, in a word or a short phrase; nothing about a person */
  readonly reason: string;
}

/** Somebody looked at a delivery, or the customer complained of it: what of it is right, and what is not. */
export interface DeliveryInspectedV1 {
  /** the order */
  readonly orderId: string;
  /** the shipment that was delivered */
  readonly shipmentId: string;
  /** the goods are those that were ordered; left out: nobody looked */
  readonly product?: boolean;
  /** they are as many as were ordered; left out: nobody looked */
  readonly quantity?: boolean;
  /** they are whole, and as good as promised; left out: nobody looked */
  readonly quality?: boolean;
  /** they came to the place where they were wanted; left out: nobody looked */
  readonly place?: boolean;
  /** they came to the one who was to have them; left out: nobody looked */
  readonly customer?: boolean;
  /** they cost what was agreed; left out: nobody looked */
  readonly costs?: boolean;
}

/** Goods of the order are set aside for it in stock. */
export interface OrderAllocatedV1 {
  /** the order */
  readonly orderId: string;
  /** the lines and how many units of each */
  readonly lines: readonly {
    /** a line of the order */
    readonly lineId: string;
    /** number of units */
    readonly quantity: number;
  }[];
  /** which warehouse, in the words of the company */
  readonly warehouse?: string;
  /** when the customer was promised that all goods of the order have left us (UTC, milliseconds) */
  readonly promisedAt?: string;
}

/** Goods of the order were taken from the shelf; they wait for the stock no more. */
export interface OrderPickedV1 {
  /** the order */
  readonly orderId: string;
  /** the lines and how many units of each */
  readonly lines: readonly {
    /** a line of the order */
    readonly lineId: string;
    /** number of units */
    readonly quantity: number;
  }[];
  /** which warehouse, in the words of the company */
  readonly warehouse?: string;
}

/** Goods of the order are out of stock; the order waits for them. */
export interface OrderBackorderedV1 {
  /** the order */
  readonly orderId: string;
  /** the lines and how many units of each */
  readonly lines: readonly {
    /** a line of the order */
    readonly lineId: string;
    /** number of units */
    readonly quantity: number;
  }[];
  /** when they are expected in stock (UTC, milliseconds) */
  readonly expectedAt?: string;
}

/** Goods of the order are out of stock; the order waits for them. */
export interface OrderBackorderedV2 {
  /** the order */
  readonly orderId: string;
  /** the lines and how many units of each */
  readonly lines: readonly {
    /** a line of the order */
    readonly lineId: string;
    /** number of units */
    readonly quantity: number;
  }[];
  /** when they are expected in stock (UTC, milliseconds) */
  readonly expectedAt?: string;
}

/** Goods that the order waited for are in stock. */
export interface OrderBackorderEndedV1 {
  /** the order */
  readonly orderId: string;
  /** the lines and how many units of each */
  readonly lines: readonly {
    /** a line of the order */
    readonly lineId: string;
    /** number of units */
    readonly quantity: number;
  }[];
}

/** Goods that the order waited for are in stock. */
export interface OrderBackorderEndedV2 {
  /** the order */
  readonly orderId: string;
  /** the lines and how many units of each */
  readonly lines: readonly {
    /** a line of the order */
    readonly lineId: string;
    /** number of units */
    readonly quantity: number;
  }[];
}

/** Goods that the customer sent back are settled with the order. */
export interface OrderReturnedV1 {
  /** the order */
  readonly orderId: string;
  /** the return */
  readonly returnId: string;
  /** the lines and how many units of each */
  readonly lines: readonly {
    /** a line of the order */
    readonly lineId: string;
    /** number of units */
    readonly quantity: number;
  }[];
  /** what is to take the place of the goods */
  readonly replacement?: {
    /** the order that replaces them */
    readonly orderId: string;
    /** who ordered */
    readonly customerId: string;
    /** ISO 4217 code of the amounts */
    readonly currency: string;
    /** what is replaced */
    readonly lines: readonly {
      /** the product, where it is in the catalogue */
      readonly productId?: string;
      /** what is replaced, as the customer reads it */
      readonly description: string;
      /** number of units */
      readonly quantity: number;
    }[];
  };
  /** units of them whose invoice was credited in full, and that could be invoiced again until they came back */
  readonly notInvoicedAgain?: readonly {
    /** a line of the order */
    readonly lineId: string;
    /** number of units */
    readonly quantity: number;
  }[];
  /** units of them that a claim had settled before they came back */
  readonly settledBefore?: readonly {
    /** the claim */
    readonly claimId: string;
    /** a line of the order */
    readonly lineId: string;
    /** number of units */
    readonly quantity: number;
    /** what it had credited or replaced of them, and is not credited again, in minor units of its currency */
    readonly amount: number;
  }[];
}

/** The customer was invoiced for the order or a part of it. */
export interface OrderInvoicedV1 {
  /** the order */
  readonly orderId: string;
  /** who ordered */
  readonly customerId: string;
  /** the invoice */
  readonly invoiceId: string;
  /** number that people use for the invoice; no two invoices share one */
  readonly invoiceNumber?: string;
  /** series of gap-free numbers from which it gets its number, as InvoiceNumbered says */
  readonly series?: string;
  /** the lines and how many units of each are invoiced */
  readonly lines: readonly {
    /** a line of the order */
    readonly lineId: string;
    /** number of units */
    readonly quantity: number;
    /** quantity times unit price, in minor units of its currency */
    readonly amount: number;
  }[];
  /** whom the invoice names */
  readonly billingName?: Sealed<string>;
  /** where the invoice goes */
  readonly billingAddress?: Sealed<string>;
  /** sum of the invoiced lines, in minor units of its currency */
  readonly amount: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** when it is to be paid at the latest (UTC, milliseconds) */
  readonly dueAt: string;
  /** one moment for each reminder level, from level 1 */
  readonly reminderAts: readonly string[];
}

/** The customer paid an invoice or a part of it. */
export interface PaymentReceivedV1 {
  /** the order */
  readonly orderId: string;
  /** the invoice */
  readonly invoiceId: string;
  /** the payment */
  readonly paymentId: string;
  /** what was paid, in minor units of its currency */
  readonly amount: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** what is left to pay of the invoice, in minor units of its currency */
  readonly open: number;
  /** how it was paid; data of a card or an account is never kept */
  readonly method?: 'BANK_TRANSFER' | 'DIRECT_DEBIT' | 'CARD' | 'CASH' | 'CHEQUE' | 'OTHER';
  /** the payment of the customer that it is a part of */
  readonly customerPaymentId?: string;
}

/** A payment of an invoice is none: it was recorded by mistake, or the money did not stay with us. */
export interface PaymentReversedV1 {
  /** the order */
  readonly orderId: string;
  /** who ordered */
  readonly customerId: string;
  /** the invoice */
  readonly invoiceId: string;
  /** the payment */
  readonly paymentId: string;
  /** the payment of the customer that it was a part of */
  readonly customerPaymentId?: string;
  /** what was recorded as paid, in minor units of its currency */
  readonly amount: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** what is left to pay of the invoice, in minor units of its currency */
  readonly open: number;
  /** why, in a word or a short phrase; nothing about a person */
  readonly reason: string;
  /** the invoice, which is open again */
  readonly invoice: {
    /** what was invoiced, in minor units of its currency */
    readonly amount: number;
    /** when it was issued (UTC, milliseconds) */
    readonly invoicedAt: string;
    /** when it is to be paid at the latest (UTC, milliseconds) */
    readonly dueAt: string;
    /** it was found to be open at its due moment */
    readonly overdue: boolean;
    /** days since the due moment at which it was last found to be open; 0 before */
    readonly aged: number;
  };
}

/** We credited an invoice or a part of it. */
export interface OrderCreditedV1 {
  /** the order */
  readonly orderId: string;
  /** the invoice */
  readonly invoiceId: string;
  /** the credit note */
  readonly creditId: string;
  /** what was credited, in minor units of its currency */
  readonly amount: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** what is left to pay of the invoice, in minor units of its currency */
  readonly open: number;
  /** what was paid beyond what the invoice asks for now, and is to be paid back, in minor units of its currency */
  readonly refundable?: number;
  /** the return whose goods are credited */
  readonly returnId?: string;
  /** series of gap-free numbers from which it gets its number, as CreditNoteNumbered says */
  readonly series?: string;
  /** units that can be invoiced again, since their invoice is credited in full */
  readonly reopened?: readonly {
    /** a line of the order */
    readonly lineId: string;
    /** number of units */
    readonly quantity: number;
  }[];
  /** why, in a word or a short phrase; nothing about a person */
  readonly reason: string;
}

/** We paid back what was paid beyond what an invoice asks for. */
export interface PaymentRefundedV1 {
  /** the order */
  readonly orderId: string;
  /** the invoice */
  readonly invoiceId: string;
  /** the refund */
  readonly refundId: string;
  /** what was paid back, in minor units of its currency */
  readonly amount: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** what is left to pay back, in minor units of its currency */
  readonly refundable: number;
  /** how it was paid back; data of a card or an account is never kept */
  readonly method?: 'BANK_TRANSFER' | 'DIRECT_DEBIT' | 'CARD' | 'CASH' | 'CHEQUE' | 'OTHER';
}

/** An invoice was still open at its due moment. */
export interface InvoiceBecameOverdueV1 {
  /** the order */
  readonly orderId: string;
  /** the invoice */
  readonly invoiceId: string;
  /** when the invoice was due (UTC, milliseconds) */
  readonly dueAt: string;
  /** what was left to pay, in minor units of its currency */
  readonly open: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
}

/** An invoice was still open 30, 60 or 90 days after its due moment. */
export interface InvoiceAgedV1 {
  /** the order */
  readonly orderId: string;
  /** the invoice */
  readonly invoiceId: string;
  /** days since the due moment */
  readonly days: number;
  /** when the invoice was due (UTC, milliseconds) */
  readonly dueAt: string;
  /** what was left to pay, in minor units of its currency */
  readonly open: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
}

/** An invoice was still open some time after its due moment, and the customer was reminded. */
export interface PaymentRemindedV1 {
  /** the order */
  readonly orderId: string;
  /** the invoice */
  readonly invoiceId: string;
  /** first, second, third reminder */
  readonly level: number;
  /** when the invoice was due (UTC, milliseconds) */
  readonly dueAt: string;
  /** when the reminder was due (UTC, milliseconds) */
  readonly reminderAt: string;
  /** what was left to pay, in minor units of its currency */
  readonly open: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
}

/** Goods of one or more orders were put into one package. */
export interface PackagePackedV1 {
  /** the package */
  readonly packageId: string;
  /** the orders that the package has goods of */
  readonly orderIds: readonly string[];
  /** what the package holds, by order */
  readonly contents: readonly {
    /** the order */
    readonly orderId: string;
    /** the lines and how many units of each */
    readonly lines: readonly {
      /** a line of the order */
      readonly lineId: string;
      /** number of units */
      readonly quantity: number;
    }[];
  }[];
}

/** The package was taken apart before it was sent. */
export interface PackageUnpackedV1 {
  /** the package */
  readonly packageId: string;
  /** the orders that the package has goods of */
  readonly orderIds: readonly string[];
  /** why, in a word or a short phrase; nothing about a person */
  readonly reason: string;
}

/** The package left us. */
export interface PackageSentV1 {
  /** the package */
  readonly packageId: string;
  /** the orders that the package has goods of */
  readonly orderIds: readonly string[];
  /** what the package holds, by order */
  readonly contents: readonly {
    /** the order */
    readonly orderId: string;
    /** the lines and how many units of each */
    readonly lines: readonly {
      /** a line of the order */
      readonly lineId: string;
      /** number of units */
      readonly quantity: number;
    }[];
  }[];
  /** who carries it */
  readonly carrier?: string;
  /** which warehouse it left, in the words of the company */
  readonly warehouse?: string;
}

/** The carrier tried to deliver the package and could not. */
export interface PackageDeliveryFailedV1 {
  /** the package */
  readonly packageId: string;
  /** the orders that the package has goods of */
  readonly orderIds: readonly string[];
  /** number of tries to deliver it, this one included */
  readonly attempt: number;
  /** why, in a word or a short phrase; nothing about a person */
  readonly reason?: string;
  /** when the carrier tries again (UTC, milliseconds) */
  readonly nextAttemptAt?: string;
}

/** The package reached its address with all that was in it. */
export interface PackageDeliveredV1 {
  /** the package */
  readonly packageId: string;
  /** the orders that the package has goods of */
  readonly orderIds: readonly string[];
  /** number of tries to deliver it, this one included */
  readonly attempt: number;
}

/** The package could not be delivered and is with us again. */
export interface PackageCameBackV1 {
  /** the package */
  readonly packageId: string;
  /** the orders that the package has goods of */
  readonly orderIds: readonly string[];
  /** why, in a word or a short phrase; nothing about a person */
  readonly reason: string;
}

/** A customer wants to send goods back. */
export interface ReturnRequestedV1 {
  /** the return */
  readonly returnId: string;
  /** the order */
  readonly orderId: string;
  /** who sends goods back */
  readonly customerId: string;
  /** the lines and how many units of each */
  readonly lines: readonly {
    /** a line of the order */
    readonly lineId: string;
    /** number of units */
    readonly quantity: number;
  }[];
  /** why, in a word or a short phrase; nothing about a person */
  readonly reason: string;
}

/** We agreed that the customer sends the goods back. */
export interface ReturnApprovedV1 {
  /** the return */
  readonly returnId: string;
  /** the order */
  readonly orderId: string;
  /** who sends goods back */
  readonly customerId: string;
}

/** The goods stay with the customer. */
export interface ReturnRejectedV1 {
  /** the return */
  readonly returnId: string;
  /** the order */
  readonly orderId: string;
  /** who sends goods back */
  readonly customerId: string;
  /** why, in a word or a short phrase; nothing about a person */
  readonly reason: string;
}

/** The goods of a return arrived with us. */
export interface ReturnReceivedV1 {
  /** the return */
  readonly returnId: string;
  /** the order */
  readonly orderId: string;
  /** who sends goods back */
  readonly customerId: string;
  /** the lines and how many units of each */
  readonly lines: readonly {
    /** a line of the order */
    readonly lineId: string;
    /** number of units */
    readonly quantity: number;
  }[];
}

/** The goods of a return are credited to the customer. */
export interface ReturnRefundedV1 {
  /** the return */
  readonly returnId: string;
  /** the order */
  readonly orderId: string;
  /** who sends goods back */
  readonly customerId: string;
  /** the lines and how many units of each */
  readonly lines: readonly {
    /** a line of the order */
    readonly lineId: string;
    /** number of units */
    readonly quantity: number;
  }[];
  /** why, in a word or a short phrase; nothing about a person */
  readonly reason: string;
  /** worth of the goods at the price of the order, in minor units of its currency */
  readonly amount: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
}

/** The goods of a return are replaced by the same goods, in an order of their own. */
export interface ReturnReplacedV1 {
  /** the return */
  readonly returnId: string;
  /** the order */
  readonly orderId: string;
  /** who sends goods back */
  readonly customerId: string;
  /** why, in a word or a short phrase; nothing about a person */
  readonly reason: string;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** the order that replaces them */
  readonly replacementId: string;
  /** what is replaced */
  readonly lines: readonly {
    /** a line of the order */
    readonly lineId: string;
    /** the product, where it is in the catalogue */
    readonly productId?: string;
    /** what is replaced, as the customer reads it */
    readonly description: string;
    /** number of units */
    readonly quantity: number;
  }[];
}

/** The goods of a return were sent back to the customer; nothing is credited. */
export interface ReturnSentBackV1 {
  /** the return */
  readonly returnId: string;
  /** the order */
  readonly orderId: string;
  /** who sends goods back */
  readonly customerId: string;
  /** why, in a word or a short phrase; nothing about a person */
  readonly reason: string;
}

/** The order declined to settle the return: another return settled the same goods. It is to be decided upon again. */
export interface ReturnReopenedV1 {
  /** the return */
  readonly returnId: string;
  /** the order */
  readonly orderId: string;
  /** who sends goods back */
  readonly customerId: string;
}

/** A customer says that something is wrong with an order, and what it is to be worth. */
export interface ClaimFiledV1 {
  /** the claim */
  readonly claimId: string;
  /** the order */
  readonly orderId: string;
  /** whose order it is */
  readonly customerId: string;
  /** what is wrong */
  readonly kind: 'DAMAGED' | 'LOST' | 'SHORT' | 'WRONG_GOODS' | 'OTHER';
  /** the shipment that it is about: a package, or goods that were sent without one */
  readonly shipmentId?: string;
  /** the lines that it is about, and how many units of each */
  readonly lines?: readonly {
    /** a line of the order */
    readonly lineId: string;
    /** number of units */
    readonly quantity: number;
  }[];
  /** what is claimed, in minor units of its currency */
  readonly amount: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** what is wrong, in words */
  readonly notes?: Sealed<string>;
}

/** We decided on a claim: it is credited, its goods are replaced, or it is rejected. */
export interface ClaimSettledV1 {
  /** the claim */
  readonly claimId: string;
  /** the order */
  readonly orderId: string;
  /** whose order it is */
  readonly customerId: string;
  /** what we decided */
  readonly settlement: 'CREDIT' | 'REPLACE' | 'REJECT';
  /** what was wrong */
  readonly kind?: 'DAMAGED' | 'LOST' | 'SHORT' | 'WRONG_GOODS' | 'OTHER';
  /** the shipment that it was about */
  readonly shipmentId?: string;
  /** the lines that it was about, and how many units of each */
  readonly lines?: readonly {
    /** a line of the order */
    readonly lineId: string;
    /** number of units */
    readonly quantity: number;
  }[];
  /** why, in a word or a short phrase; nothing about a person */
  readonly reason: string;
  /** of a CREDIT: what is credited */
  readonly credit?: {
    /** the invoice that is credited */
    readonly invoiceId: string;
    /** the credit note */
    readonly creditId: string;
    /** what is credited, in minor units of its currency */
    readonly amount: number;
    /** ISO 4217 code of the amounts */
    readonly currency: string;
  };
  /** what is to take the place of the goods */
  readonly replacement?: {
    /** the order that replaces them */
    readonly orderId: string;
    /** who ordered */
    readonly customerId: string;
    /** ISO 4217 code of the amounts */
    readonly currency: string;
    /** what is replaced */
    readonly lines: readonly {
      /** the product, where it is in the catalogue */
      readonly productId?: string;
      /** what is replaced, as the customer reads it */
      readonly description: string;
      /** number of units */
      readonly quantity: number;
    }[];
  };
}

/** The customer claims it no more. */
export interface ClaimWithdrawnV1 {
  /** the claim */
  readonly claimId: string;
  /** the order */
  readonly orderId: string;
  /** whose order it is */
  readonly customerId: string;
}

/** The order did not take what was decided on the claim, as its invoice or its goods were settled meanwhile: it is to be decided upon again. */
export interface ClaimReopenedV1 {
  /** the claim */
  readonly claimId: string;
  /** the order */
  readonly orderId: string;
  /** whose order it is */
  readonly customerId: string;
}

/** A customer paid us, for invoices that are named then or later. */
export interface PaymentRecordedV1 {
  /** the payment */
  readonly paymentId: string;
  /** who paid */
  readonly customerId: string;
  /** what was paid, in minor units of its currency */
  readonly amount: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** how it was paid; data of a card or an account is never kept */
  readonly method?: 'BANK_TRANSFER' | 'DIRECT_DEBIT' | 'CARD' | 'CASH' | 'CHEQUE' | 'OTHER';
}

/** Parts of a payment were allocated to invoices. */
export interface PaymentAllocatedV1 {
  /** the payment */
  readonly paymentId: string;
  /** who paid */
  readonly customerId: string;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** which invoices, and how much of the payment each gets */
  readonly allocations: readonly {
    /** the allocation */
    readonly allocationId: string;
    /** the order */
    readonly orderId: string;
    /** the invoice */
    readonly invoiceId: string;
    /** what is allocated, in minor units of its currency */
    readonly amount: number;
    /** the invoice may be one of another customer */
    readonly ofAnotherCustomer?: boolean;
  }[];
  /** what of the payment is not allocated to invoices now, in minor units of its currency */
  readonly unallocated: number;
  /** how it was paid; data of a card or an account is never kept */
  readonly method?: 'BANK_TRANSFER' | 'DIRECT_DEBIT' | 'CARD' | 'CASH' | 'CHEQUE' | 'OTHER';
}

/** An invoice did not need all that was allocated to it. */
export interface AllocationReturnedV1 {
  /** the payment */
  readonly paymentId: string;
  /** who paid */
  readonly customerId: string;
  /** the allocation */
  readonly allocationId: string;
  /** what came back to the payment, in minor units of its currency */
  readonly amount: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** what of the payment is not allocated to invoices now, in minor units of its currency */
  readonly unallocated: number;
}

/** We paid back what of a payment was not allocated. */
export interface RemainderRefundedV1 {
  /** the payment */
  readonly paymentId: string;
  /** who paid */
  readonly customerId: string;
  /** what was paid back, in minor units of its currency */
  readonly amount: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** what of the payment is not allocated to invoices now, in minor units of its currency */
  readonly unallocated: number;
}

/** A payment is none: it was recorded by mistake, or the money did not stay with us. What invoices got of it is taken back. */
export interface PaymentCancelledV1 {
  /** the payment */
  readonly paymentId: string;
  /** who paid */
  readonly customerId: string;
  /** what was recorded as paid, in minor units of its currency */
  readonly amount: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** which invoices it was allocated to */
  readonly allocations: readonly {
    /** the allocation */
    readonly allocationId: string;
    /** the order */
    readonly orderId: string;
    /** the invoice */
    readonly invoiceId: string;
  }[];
  /** why, in a word or a short phrase; nothing about a person */
  readonly reason: string;
}

/** The first numbers of a series were given elsewhere, before this system gave any; it goes on behind them. */
export interface SeriesContinuedV1 {
  /** the series in one year */
  readonly seriesId: string;
  /** the series */
  readonly series: string;
  /** number of the calendar year in UTC; the count starts again with each */
  readonly year: number;
  /** number of those that were given elsewhere */
  readonly elsewhere: number;
}

/** An invoice got the next number of its series. */
export interface InvoiceNumberedV1 {
  /** the series in one year */
  readonly seriesId: string;
  /** the series */
  readonly series: string;
  /** number of the calendar year in UTC; the count starts again with each */
  readonly year: number;
  /** count in the series and year, from 1, without gaps */
  readonly count: number;
  /** the order */
  readonly orderId: string;
  /** the invoice */
  readonly invoiceId: string;
  /** the number as people read it: series, year, count */
  readonly invoiceNumber: string;
}

/** A credit note got the next number of its series. */
export interface CreditNoteNumberedV1 {
  /** the series in one year */
  readonly seriesId: string;
  /** the series */
  readonly series: string;
  /** number of the calendar year in UTC; the count starts again with each */
  readonly year: number;
  /** count in the series and year, from 1, without gaps */
  readonly count: number;
  /** the order */
  readonly orderId: string;
  /** the invoice */
  readonly invoiceId: string;
  /** the credit note */
  readonly creditId: string;
  /** the return whose goods are credited */
  readonly returnId?: string;
  /** the number as people read it: series, year, count */
  readonly creditNumber: string;
}

/** How much a customer may owe us at most was decided. */
export interface CreditLimitSetV1 {
  /** the customer */
  readonly customerId: string;
  /** what the customer may owe us with one more order, in minor units of its currency */
  readonly limit: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
}

/** A customer needs something. */
export interface TicketOpenedV1 {
  /** the ticket */
  readonly ticketId: string;
  /** the customer */
  readonly customerId: string;
  /** the contact who speaks for the customer */
  readonly contactId?: string;
  /** how it reached us */
  readonly channel: 'PHONE' | 'EMAIL' | 'CHAT' | 'SOCIAL' | 'WEB' | 'POST' | 'IN_PERSON' | 'MEETING';
  /** what it is about */
  readonly subject: Sealed<string>;
  /** what the customer says */
  readonly text?: Sealed<string>;
  /** code of what it is about */
  readonly category?: string;
  /** how urgent it is */
  readonly priority: 'URGENT' | 'HIGH' | 'MEDIUM' | 'LOW';
  /** the skill that it needs */
  readonly skill?: string;
  /** the language that it needs, a BCP 47 tag */
  readonly language?: string;
  /** the service tier of the customer when it was opened */
  readonly tier?: string;
  /** the team that it belongs to */
  readonly teamId?: string;
  /** the order that it is about */
  readonly orderId?: string;
  /** the ticket that it was a part of */
  readonly splitFrom?: string;
  /** the closed ticket that it follows */
  readonly follows?: string;
}

/** It turned out what it is about. */
export interface TicketCategorisedV1 {
  /** the ticket */
  readonly ticketId: string;
  /** code of what it is about */
  readonly category: string;
  /** what it was before */
  readonly previous?: string;
}

/** It is more or less urgent than it was. */
export interface TicketPrioritisedV1 {
  /** the ticket */
  readonly ticketId: string;
  /** how urgent it was */
  readonly from: 'URGENT' | 'HIGH' | 'MEDIUM' | 'LOW';
  /** how urgent it is */
  readonly to: 'URGENT' | 'HIGH' | 'MEDIUM' | 'LOW';
}

/** Another agent has it from now on, or another team. */
export interface TicketAssignedV1 {
  /** the ticket */
  readonly ticketId: string;
  /** the customer */
  readonly customerId: string;
  /** how urgent it is */
  readonly priority: 'URGENT' | 'HIGH' | 'MEDIUM' | 'LOW';
  /** the skill that it needs */
  readonly skill?: string;
  /** the language that it needs, a BCP 47 tag */
  readonly language?: string;
  /** the service tier of the customer when it was opened */
  readonly tier?: string;
  /** the team that it belongs to */
  readonly teamId?: string;
  /** the agent who has it; left out: the team finds one */
  readonly agentId?: string;
  /** the team that it belonged to */
  readonly previousTeamId?: string;
  /** the agent who had it */
  readonly previousAgentId?: string;
  /** of a routed one: why this agent; left out: by hand */
  readonly rule?: 'LAST_AGENT' | 'ONLY_CANDIDATE' | 'LEAST_LOAD' | 'LONGEST_WITHOUT' | 'SMALLEST_ID';
}

/** One of the two sides said something. */
export interface TicketRepliedV1 {
  /** the ticket */
  readonly ticketId: string;
  /** the customer */
  readonly customerId: string;
  /** who said it */
  readonly from: 'AGENT' | 'CUSTOMER';
  /** of a reply to the customer: who wrote it, where that is known */
  readonly agentId?: string;
  /** whether it is the turn of the customer now */
  readonly awaitsCustomer: boolean;
  /** what was said */
  readonly text: Sealed<string>;
}

/** Nothing can be done for now. */
export interface TicketHeldV1 {
  /** the ticket */
  readonly ticketId: string;
  /** what we wait for */
  readonly reason: 'SUPPLIER' | 'OTHER_TEAM' | 'CUSTOMER' | 'PARTS' | 'OTHER';
}

/** It is our turn again. */
export interface TicketResumedV1 {
  /** the ticket */
  readonly ticketId: string;
  /** who saw to it: an agent, or the customer by a reply */
  readonly by: 'AGENT' | 'CUSTOMER';
}

/** There is a solution; the customer can still disagree. */
export interface TicketResolvedV1 {
  /** the ticket */
  readonly ticketId: string;
  /** the customer */
  readonly customerId: string;
  /** the team that it belongs to */
  readonly teamId?: string;
  /** the agent who has it */
  readonly agentId?: string;
  /** code of what it is about */
  readonly category?: string;
  /** how urgent it is */
  readonly priority: 'URGENT' | 'HIGH' | 'MEDIUM' | 'LOW';
  /** how it ended */
  readonly outcome: 'SOLVED' | 'WORKAROUND' | 'NOT_A_FAULT' | 'DUPLICATE' | 'NO_ANSWER' | 'OTHER';
  /** the solution, in words */
  readonly text?: Sealed<string>;
  /** how often it has been resolved, with this time: more than 1 if it was reopened in between */
  readonly resolutions: number;
  /** when it closes by itself unless it is reopened; left out: only somebody closes it (UTC, milliseconds) */
  readonly closesAt?: string;
}

/** It was not resolved after all. */
export interface TicketReopenedV1 {
  /** the ticket */
  readonly ticketId: string;
  /** the customer */
  readonly customerId: string;
  /** the team that it belongs to */
  readonly teamId?: string;
  /** the agent who has it */
  readonly agentId?: string;
  /** how urgent it is */
  readonly priority: 'URGENT' | 'HIGH' | 'MEDIUM' | 'LOW';
  /** the skill that it needs */
  readonly skill?: string;
  /** the language that it needs, a BCP 47 tag */
  readonly language?: string;
  /** the service tier of the customer when it was opened */
  readonly tier?: string;
  /** who saw to it: an agent, or the customer by a reply */
  readonly by: 'AGENT' | 'CUSTOMER';
}

/** It is over: what comes now is another ticket. */
export interface TicketClosedV1 {
  /** the ticket */
  readonly ticketId: string;
  /** the customer */
  readonly customerId: string;
  /** the agent who has it */
  readonly agentId?: string;
  /** by the clock: when it was due; left out: somebody closed it (UTC, milliseconds) */
  readonly closedAt?: string;
}

/** It was about two things: one of them is a ticket of its own from now on. */
export interface TicketSplitV1 {
  /** the ticket */
  readonly ticketId: string;
  /** the customer */
  readonly customerId: string;
  /** the new ticket */
  readonly newTicketId: string;
  /** how it reached us */
  readonly channel: 'PHONE' | 'EMAIL' | 'CHAT' | 'SOCIAL' | 'WEB' | 'POST' | 'IN_PERSON' | 'MEETING';
  /** what it is about */
  readonly subject: Sealed<string>;
  /** what the customer says of it */
  readonly text?: Sealed<string>;
  /** code of what it is about */
  readonly category?: string;
  /** how urgent it is */
  readonly priority: 'URGENT' | 'HIGH' | 'MEDIUM' | 'LOW';
  /** the skill that it needs */
  readonly skill?: string;
  /** the language that it needs, a BCP 47 tag */
  readonly language?: string;
  /** the team that it belongs to */
  readonly teamId?: string;
  /** the SLA policy of the new ticket; left out: the default one */
  readonly policyId?: string;
}

/** It is about the same as another ticket, and goes on there. */
export interface TicketMergedV1 {
  /** the ticket */
  readonly ticketId: string;
  /** the customer */
  readonly customerId: string;
  /** the ticket in which it goes on */
  readonly intoTicketId: string;
  /** the team that it belongs to */
  readonly teamId?: string;
  /** the agent who has it */
  readonly agentId?: string;
}

/** Another ticket goes on in this one. */
export interface TicketAbsorbedV1 {
  /** the ticket */
  readonly ticketId: string;
  /** the ticket that was merged into it */
  readonly mergedTicketId: string;
  /** where several were merged in a circle at the same time: all of them, each of which goes on in the next, from this one on */
  readonly circle?: readonly string[];
}

/** It was merged into a ticket that was merged into it at the same time: it goes on after all. */
export interface TicketReinstatedV1 {
  /** the ticket */
  readonly ticketId: string;
  /** the other ticket, which goes on in this one */
  readonly mergedTicketId: string;
}

/** The ticket was promised this, with all it takes to measure it: what is defined later makes no difference to it. */
export interface SlaAttachedV1 {
  /** the ticket */
  readonly ticketId: string;
  /** the customer */
  readonly customerId: string;
  /** the policy */
  readonly policyId: string;
  /** name of the policy */
  readonly policyName: string;
  /** the service tier for which the promises were made */
  readonly tier?: string;
  /** what is promised, by priority */
  readonly promises: readonly ({
    /** while the ticket has this priority */
    readonly priority: 'URGENT' | 'HIGH' | 'MEDIUM' | 'LOW';
    /** until the first answer, in minutes of working time */
    readonly firstResponseMinutes: number;
    /** until the solution, in minutes of working time */
    readonly resolutionMinutes: number;
  })[];
  /** how much of a promise may be used before it is escalated, in percent */
  readonly escalationPercent: number;
  /** the employee to whom escalations go */
  readonly escalatesTo?: string;
  /** after how long a resolved ticket closes by itself, in days of 24 hours; left out: never */
  readonly closesAfterDays?: number;
  /** IANA time zone in which the hours and holidays are meant, such as Europe/Vienna */
  readonly timeZone: string;
  /** the working hours of every week, in the order of the week */
  readonly hours: readonly ({
    /** the day of the week */
    readonly day: 'MONDAY' | 'TUESDAY' | 'WEDNESDAY' | 'THURSDAY' | 'FRIDAY' | 'SATURDAY' | 'SUNDAY';
    /** from which time of day on the clock of the zone, HH:MM */
    readonly from: string;
    /** to which time of day, not included, HH:MM; 24:00 is the end of the day */
    readonly to: string;
  })[];
  /** days without working time, in their order */
  readonly holidays: readonly string[];
  /** a promise, and when it ends */
  readonly firstResponse: {
    /** what was promised, in seconds of working time, to 1/1000 second */
    readonly targetSeconds: number;
    /** when that time is over (UTC, milliseconds) */
    readonly dueAt: string;
    /** when as much of it is over as the policy allows before somebody else is told (UTC, milliseconds) */
    readonly escalatesAt: string;
  };
  /** a promise, and when it ends */
  readonly resolution: {
    /** what was promised, in seconds of working time, to 1/1000 second */
    readonly targetSeconds: number;
    /** when that time is over (UTC, milliseconds) */
    readonly dueAt: string;
    /** when as much of it is over as the policy allows before somebody else is told (UTC, milliseconds) */
    readonly escalatesAt: string;
  };
}

/** With another priority the ticket has other promises, of the same terms. */
export interface SlaRetargetedV1 {
  /** the ticket */
  readonly ticketId: string;
  /** the new priority */
  readonly priority: 'URGENT' | 'HIGH' | 'MEDIUM' | 'LOW';
  /** a promise, and when it ends */
  readonly firstResponse?: {
    /** what was promised, in seconds of working time, to 1/1000 second */
    readonly targetSeconds: number;
    /** when that time is over (UTC, milliseconds) */
    readonly dueAt: string;
    /** when as much of it is over as the policy allows before somebody else is told (UTC, milliseconds) */
    readonly escalatesAt: string;
  };
  /** a promise, and when it ends */
  readonly resolution?: {
    /** what was promised, in seconds of working time, to 1/1000 second */
    readonly targetSeconds: number;
    /** when that time is over (UTC, milliseconds) */
    readonly dueAt: string;
    /** when as much of it is over as the policy allows before somebody else is told (UTC, milliseconds) */
    readonly escalatesAt: string;
  };
  /** whether the time to the solution stands still, so that it ends later than it says here */
  readonly paused: boolean;
}

/** The time to the solution stands still. */
export interface SlaPausedV1 {
  /** the ticket */
  readonly ticketId: string;
}

/** The time to the solution goes on: it ends later by as much working time as it stood still. */
export interface SlaResumedV1 {
  /** the ticket */
  readonly ticketId: string;
  /** how long it has stood still so far, in seconds of working time, to 1/1000 second */
  readonly pausedSeconds: number;
  /** a promise, and when it ends */
  readonly resolution: {
    /** what was promised, in seconds of working time, to 1/1000 second */
    readonly targetSeconds: number;
    /** when that time is over (UTC, milliseconds) */
    readonly dueAt: string;
    /** when as much of it is over as the policy allows before somebody else is told (UTC, milliseconds) */
    readonly escalatesAt: string;
  };
}

/** Much of the time is used up, and the promise is not kept yet. */
export interface SlaEscalatedV1 {
  /** the ticket */
  readonly ticketId: string;
  /** the customer */
  readonly customerId: string;
  /** which of the two promises */
  readonly target: 'FIRST_RESPONSE' | 'RESOLUTION';
  /** when that was so (UTC, milliseconds) */
  readonly escalatedAt: string;
  /** when the time is over (UTC, milliseconds) */
  readonly dueAt: string;
  /** the agent who has the ticket */
  readonly agentId?: string;
  /** the employee who should know */
  readonly escalatesTo?: string;
}

/** The time is over, and the promise was not kept; said once for each promise. */
export interface SlaBreachedV1 {
  /** the ticket */
  readonly ticketId: string;
  /** the customer */
  readonly customerId: string;
  /** which of the two promises */
  readonly target: 'FIRST_RESPONSE' | 'RESOLUTION';
  /** when the time was over (UTC, milliseconds) */
  readonly dueAt: string;
  /** the agent who had the ticket */
  readonly agentId?: string;
  /** the employee who should know */
  readonly escalatesTo?: string;
}

/** A promise was kept. */
export interface SlaFulfilledV1 {
  /** the ticket */
  readonly ticketId: string;
  /** the customer */
  readonly customerId: string;
  /** which of the two promises */
  readonly target: 'FIRST_RESPONSE' | 'RESOLUTION';
  /** the policy */
  readonly policyId: string;
  /** the priority of the ticket */
  readonly priority: 'URGENT' | 'HIGH' | 'MEDIUM' | 'LOW';
  /** the service tier for which the promise was made */
  readonly tier?: string;
  /** code of what the ticket is about */
  readonly category?: string;
  /** the team of the ticket */
  readonly teamId?: string;
  /** the agent who kept it or did not */
  readonly agentId?: string;
  /** what was promised, in seconds of working time, to 1/1000 second */
  readonly targetSeconds: number;
  /** what it took, without the time it stood still, in seconds of working time, to 1/1000 second */
  readonly takenSeconds: number;
  /** what was left; of a late one what it was late by, negative; in seconds of working time, to 1/1000 second */
  readonly marginSeconds: number;
  /** how long it stood still, in seconds of working time, to 1/1000 second */
  readonly pausedSeconds: number;
  /** when the time was over, or would have been (UTC, milliseconds) */
  readonly dueAt: string;
}

/** What was promised came too late. By 0 seconds if it came after the time was over, but before anybody worked again. */
export interface SlaFailedV1 {
  /** the ticket */
  readonly ticketId: string;
  /** the customer */
  readonly customerId: string;
  /** which of the two promises */
  readonly target: 'FIRST_RESPONSE' | 'RESOLUTION';
  /** the policy */
  readonly policyId: string;
  /** the priority of the ticket */
  readonly priority: 'URGENT' | 'HIGH' | 'MEDIUM' | 'LOW';
  /** the service tier for which the promise was made */
  readonly tier?: string;
  /** code of what the ticket is about */
  readonly category?: string;
  /** the team of the ticket */
  readonly teamId?: string;
  /** the agent who kept it or did not */
  readonly agentId?: string;
  /** what was promised, in seconds of working time, to 1/1000 second */
  readonly targetSeconds: number;
  /** what it took, without the time it stood still, in seconds of working time, to 1/1000 second */
  readonly takenSeconds: number;
  /** what was left; of a late one what it was late by, negative; in seconds of working time, to 1/1000 second */
  readonly marginSeconds: number;
  /** how long it stood still, in seconds of working time, to 1/1000 second */
  readonly pausedSeconds: number;
  /** when the time was over, or would have been (UTC, milliseconds) */
  readonly dueAt: string;
}

/** There is a team that tickets can be routed to, under this name from now on. */
export interface TeamFormedV1 {
  /** the team */
  readonly teamId: string;
  /** name of the team */
  readonly name: string;
}

/** An agent belongs to the team, and can take these tickets from now on. */
export interface AgentProfiledV1 {
  /** the team */
  readonly teamId: string;
  /** the agent */
  readonly agentId: string;
  /** the skills of the agent */
  readonly skills: readonly string[];
  /** the languages of the agent, BCP 47 tags */
  readonly languages: readonly string[];
  /** the service tiers that the agent serves; an empty list: all */
  readonly tiers: readonly string[];
  /** how many tickets the agent takes at most at a time */
  readonly capacity: number;
}

/** An agent takes tickets from now on, or does not. */
export interface AgentStatusChangedV1 {
  /** the team */
  readonly teamId: string;
  /** the agent */
  readonly agentId: string;
  /** what it was */
  readonly from: 'ACTIVE' | 'AWAY' | 'UNAVAILABLE';
  /** what it is */
  readonly to: 'ACTIVE' | 'AWAY' | 'UNAVAILABLE';
}

/** An agent does not belong to the team any more. */
export interface AgentLeftV1 {
  /** the team */
  readonly teamId: string;
  /** the agent */
  readonly agentId: string;
}

/** An agent of the team gets a ticket, and this is why. */
export interface TicketRoutedV1 {
  /** the team */
  readonly teamId: string;
  /** the ticket */
  readonly ticketId: string;
  /** the customer */
  readonly customerId: string;
  /** how urgent it is */
  readonly priority: 'URGENT' | 'HIGH' | 'MEDIUM' | 'LOW';
  /** the skill that it needs */
  readonly skill?: string;
  /** the language that it needs, a BCP 47 tag */
  readonly language?: string;
  /** the service tier of the customer */
  readonly tier?: string;
  /** the agent who served the customer last */
  readonly lastAgentId?: string;
  /** the agent */
  readonly agentId: string;
  /** why this one of those that fit: served the customer last, was the only one, had fewest tickets, waited longest for one, has the smallest id */
  readonly rule: 'LAST_AGENT' | 'ONLY_CANDIDATE' | 'LEAST_LOAD' | 'LONGEST_WITHOUT' | 'SMALLEST_ID';
  /** the agent who had it and left the team */
  readonly leftBy?: string;
  /** all agents of the team, in the order of their ids */
  readonly candidates: readonly ({
    /** the agent */
    readonly agentId: string;
    /** FITS, or why not */
    readonly fitness: 'NOT_ACTIVE' | 'SKILL_MISSING' | 'LANGUAGE_MISSING' | 'TIER_NOT_SERVED' | 'FULL' | 'FITS';
    /** how many tickets the agent had, in this team */
    readonly load: number;
    /** how many tickets the agent takes at most */
    readonly capacity: number;
    /** number of the routing, in this team, by which the agent got a ticket last; 0 for none */
    readonly turn: number;
  })[];
}

/** No agent of the team can take a ticket now: it waits until one can. */
export interface TicketQueuedV1 {
  /** the team */
  readonly teamId: string;
  /** the ticket */
  readonly ticketId: string;
  /** the customer */
  readonly customerId: string;
  /** how urgent it is */
  readonly priority: 'URGENT' | 'HIGH' | 'MEDIUM' | 'LOW';
  /** the skill that it needs */
  readonly skill?: string;
  /** the language that it needs, a BCP 47 tag */
  readonly language?: string;
  /** the service tier of the customer */
  readonly tier?: string;
  /** the agent who served the customer last */
  readonly lastAgentId?: string;
  /** the agent who had it and left the team */
  readonly leftBy?: string;
  /** all agents of the team, in the order of their ids */
  readonly candidates: readonly ({
    /** the agent */
    readonly agentId: string;
    /** FITS, or why not */
    readonly fitness: 'NOT_ACTIVE' | 'SKILL_MISSING' | 'LANGUAGE_MISSING' | 'TIER_NOT_SERVED' | 'FULL' | 'FITS';
    /** how many tickets the agent had, in this team */
    readonly load: number;
    /** how many tickets the agent takes at most */
    readonly capacity: number;
    /** number of the routing, in this team, by which the agent got a ticket last; 0 for none */
    readonly turn: number;
  })[];
}

/** New tickets of the customer are served as those of this tier; tickets that are open already are not. */
export interface ServiceTierAssignedV1 {
  /** the customer */
  readonly customerId: string;
  /** the service tier */
  readonly tier: string;
  /** the tier before */
  readonly previousTier?: string;
  /** why */
  readonly reason?: string;
}

/** Another agent than the last time solved a ticket of the customer. */
export interface CustomerServedV1 {
  /** the customer */
  readonly customerId: string;
  /** the agent */
  readonly agentId: string;
}

/** New tickets are promised this from now on; tickets that were opened before keep what they were promised. */
export interface SlaPolicyDefinedV1 {
  /** the policy */
  readonly policyId: string;
  /** name of the policy */
  readonly name: string;
  /** the calendar in which targets are measured; left out: the default one */
  readonly calendarId?: string;
  /** what is promised, by priority and tier */
  readonly promises: readonly ({
    /** for tickets of this priority */
    readonly priority: 'URGENT' | 'HIGH' | 'MEDIUM' | 'LOW';
    /** for customers of this service tier; left out: for all others */
    readonly tier?: string;
    /** until the first answer of an agent, in minutes of working time */
    readonly firstResponseMinutes: number;
    /** until the solution, in minutes of working time */
    readonly resolutionMinutes: number;
  })[];
  /** priorities of tickets that were opened without one, by tier */
  readonly tierPriorities: readonly ({
    /** a service tier */
    readonly tier: string;
    /** the priority of its tickets */
    readonly priority: 'URGENT' | 'HIGH' | 'MEDIUM' | 'LOW';
  })[];
  /** how much of a target may be used before it is escalated, in percent */
  readonly escalationPercent: number;
  /** the employee to whom escalations go */
  readonly escalatesTo?: string;
  /** after how long a resolved ticket closes by itself, in days of 24 hours; left out: never */
  readonly closesAfterDays?: number;
}

/** Work is done at these hours from now on; targets that were set before keep what was in force then. */
export interface WorkingCalendarDefinedV1 {
  /** the calendar */
  readonly calendarId: string;
  /** name of the calendar */
  readonly name: string;
  /** IANA time zone in which the hours and holidays are meant, such as Europe/Vienna */
  readonly timeZone: string;
  /** the working hours of every week, in the order of the week */
  readonly hours: readonly ({
    /** the day of the week */
    readonly day: 'MONDAY' | 'TUESDAY' | 'WEDNESDAY' | 'THURSDAY' | 'FRIDAY' | 'SATURDAY' | 'SUNDAY';
    /** from which time of day on the clock of the zone, HH:MM */
    readonly from: string;
    /** to which time of day, not included, HH:MM; 24:00 is the end of the day */
    readonly to: string;
  })[];
  /** days without working time, in their order */
  readonly holidays: readonly string[];
}

/** Somebody became a customer, by a first contract or purchase. */
export interface RelationshipBeganV1 {
  /** the customer */
  readonly customerId: string;
  /** what holds the customer: a contract, or only its purchases */
  readonly bond: 'CONTRACT' | 'PURCHASES';
  /** market segment that the customer is counted in */
  readonly segment?: string;
  /** when the relationship began (UTC, milliseconds) */
  readonly since: string;
}

/** A customer who had only bought so far has a contract now. */
export interface RelationshipBoundV1 {
  /** the customer */
  readonly customerId: string;
  /** market segment that the customer is counted in */
  readonly segment?: string;
}

/** A customer is lost: its last contract ended, or it was silent for too long. */
export interface CustomerChurnedV1 {
  /** the customer */
  readonly customerId: string;
  /** what had held the customer: CONTRACT where the last one ended, PURCHASES where they stayed away */
  readonly bond: 'CONTRACT' | 'PURCHASES';
  /** why; SILENCE until somebody learns more */
  readonly reason: 'CHEAPER_ELSEWHERE' | 'BETTER_ELSEWHERE' | 'PRICE' | 'QUALITY' | 'SERVICE' | 'NO_NEED' | 'MOVED' | 'NOT_PAID' | 'UNKNOWN' | 'OTHER' | 'END_OF_TERM' | 'SILENCE';
  /** when it was lost: at the end of the contract, or when the silence had lasted too long (UTC, milliseconds) */
  readonly churnedAt: string;
  /** since when it had been a customer, or one again (UTC, milliseconds) */
  readonly since: string;
  /** for how long it had been a customer, in days of 24 hours */
  readonly days: number;
  /** market segment that the customer is counted in */
  readonly segment?: string;
  /** kind of the contract that ended last */
  readonly contractKind?: string;
}

/** It became known why a customer was lost. */
export interface ChurnReasonLearntV1 {
  /** the customer */
  readonly customerId: string;
  /** why */
  readonly reason: 'CHEAPER_ELSEWHERE' | 'BETTER_ELSEWHERE' | 'PRICE' | 'QUALITY' | 'SERVICE' | 'NO_NEED' | 'MOVED' | 'NOT_PAID' | 'UNKNOWN' | 'OTHER' | 'END_OF_TERM' | 'SILENCE';
  /** why, in words */
  readonly notes?: Sealed<string>;
}

/** A customer who was lost has a contract or bought again. */
export interface CustomerWonBackV1 {
  /** the customer */
  readonly customerId: string;
  /** what it came back with */
  readonly bond: 'CONTRACT' | 'PURCHASES';
  /** market segment that the customer is counted in */
  readonly segment?: string;
  /** when it had been lost (UTC, milliseconds) */
  readonly churnedAt: string;
  /** for how long it was away, in days of 24 hours */
  readonly days: number;
  /** the retention action that was under way, the latest of several */
  readonly actionId?: string;
}

/** A contract with a customer runs from now on. */
export interface ContractStartedV1 {
  /** the customer */
  readonly customerId: string;
  /** the contract */
  readonly contractId: string;
  /** kind of the contract, in the words of the company */
  readonly kind: string;
  /** what the customer pays for each interval, in minor units of its currency */
  readonly price: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** how often the price is due */
  readonly interval: 'MONTH' | 'QUARTER' | 'YEAR';
  /** when it ends unless it is continued; left out: it runs until somebody ends it (UTC, milliseconds) */
  readonly endsAt?: string;
}

/** A contract has other terms from now on. */
export interface ContractChangedV1 {
  /** the customer */
  readonly customerId: string;
  /** the contract */
  readonly contractId: string;
  /** kind of the contract, in the words of the company */
  readonly kind: string;
  /** what the customer pays for each interval, in minor units of its currency */
  readonly price: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** how often the price is due */
  readonly interval: 'MONTH' | 'QUARTER' | 'YEAR';
  /** what the customer paid for each interval before, in the currency of before, in minor units of its currency */
  readonly previousPrice: number;
  /** ISO 4217 code of the price before */
  readonly previousCurrency: string;
}

/** It was said that a contract will end, and when. */
export interface ContractNoticeGivenV1 {
  /** the customer */
  readonly customerId: string;
  /** the contract */
  readonly contractId: string;
  /** when it will end (UTC, milliseconds) */
  readonly endsAt: string;
  /** why */
  readonly reason: 'CHEAPER_ELSEWHERE' | 'BETTER_ELSEWHERE' | 'PRICE' | 'QUALITY' | 'SERVICE' | 'NO_NEED' | 'MOVED' | 'NOT_PAID' | 'UNKNOWN' | 'OTHER' | 'END_OF_TERM' | 'SILENCE';
  /** why, in words */
  readonly notes?: Sealed<string>;
}

/** A contract that was to end goes on. */
export interface ContractContinuedV1 {
  /** the customer */
  readonly customerId: string;
  /** the contract */
  readonly contractId: string;
  /** when it ends now; left out: it runs until somebody ends it (UTC, milliseconds) */
  readonly endsAt?: string;
}

/** A contract is over. */
export interface ContractEndedV1 {
  /** the customer */
  readonly customerId: string;
  /** the contract */
  readonly contractId: string;
  /** when it ended; for one that ended by the clock, when that was due (UTC, milliseconds) */
  readonly endedAt: string;
  /** why */
  readonly reason: 'CHEAPER_ELSEWHERE' | 'BETTER_ELSEWHERE' | 'PRICE' | 'QUALITY' | 'SERVICE' | 'NO_NEED' | 'MOVED' | 'NOT_PAID' | 'UNKNOWN' | 'OTHER' | 'END_OF_TERM' | 'SILENCE';
  /** why, in words */
  readonly notes?: Sealed<string>;
  /** kind of the contract, in the words of the company */
  readonly kind: string;
  /** what the customer pays for each interval, in minor units of its currency */
  readonly price: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** how often the price is due */
  readonly interval: 'MONTH' | 'QUARTER' | 'YEAR';
  /** for how long it ran, in days of 24 hours */
  readonly days: number;
}

/** A customer bought something, and there is nothing more to do for it. */
export interface PurchaseRecordedV1 {
  /** the customer */
  readonly customerId: string;
  /** the purchase */
  readonly purchaseId: string;
  /** what was paid, in minor units of its currency */
  readonly amount: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** number of pieces */
  readonly units?: number;
  /** when the customer counts as silent unless it gives another sign of life; left out: it is not watched (UTC, milliseconds) */
  readonly silentAt?: string;
}

/** Something was done to keep a customer or to win it back, or left undone on purpose, to compare. */
export interface RetentionActionTakenV1 {
  /** the customer */
  readonly customerId: string;
  /** the retention action */
  readonly actionId: string;
  /** what was done; HOLD_OUT: nothing, on purpose */
  readonly kind: 'OFFER' | 'CALL' | 'VISIT' | 'MESSAGE' | 'HOLD_OUT';
  /** what was offered or said; nothing about a person */
  readonly offer?: string;
  /** whether it was still a customer */
  readonly had: 'ACTIVE' | 'CHURNED';
  /** market segment that the customer is counted in */
  readonly segment?: string;
  /** when the outcome is judged (UTC, milliseconds) */
  readonly judgedAt: string;
}

/** A customer answered to a retention action, or did not. */
export interface RetentionActionAnsweredV1 {
  /** the customer */
  readonly customerId: string;
  /** the retention action */
  readonly actionId: string;
  /** what the customer said */
  readonly answer: 'ACCEPTED' | 'DECLINED' | 'NO_ANSWER';
}

/** The time of a retention action is over: its outcome is known. */
export interface RetentionActionJudgedV1 {
  /** the customer */
  readonly customerId: string;
  /** the retention action */
  readonly actionId: string;
  /** RETAINED: still a customer; LEAVING: so, but its contracts are to end; CHURNED; of one who had churned before: WON_BACK or STILL_AWAY */
  readonly outcome: 'RETAINED' | 'LEAVING' | 'CHURNED' | 'WON_BACK' | 'STILL_AWAY';
  /** when that was due (UTC, milliseconds) */
  readonly judgedAt: string;
}

/** From now on a customer without a contract counts as churned after this many days without a sign of life. */
export interface SilenceDefinedV1 {
  /** the one definition that there is */
  readonly silenceId: string;
  /** how long a customer may be silent, in days of 24 hours */
  readonly days: number;
  /** whether an inbound interaction is a sign of life too, beside purchases */
  readonly interactions: boolean;
}

/** From now on no silence counts as churn. */
export interface SilenceDroppedV1 {
  /** the one definition that there is */
  readonly silenceId: string;
}

/** Customers can be enrolled in a new programme. */
export interface LoyaltyProgrammeDefinedV1 {
  /** the loyalty programme */
  readonly programmeId: string;
  /** name of the programme */
  readonly name: string;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** its tiers, from the lowest to the highest */
  readonly tiers: readonly {
    /** name of the tier, unique in its programme */
    readonly name: string;
    /** what a member has to have spent to be in the tier; 0 for the lowest one, in minor units of its currency */
    readonly minSpent: number;
    /** what earns one point; an order keeps what it was when it first earned, in minor units of its currency */
    readonly pointFor: number;
  }[];
  /** after how long points expire, in days of 24 hours; left out: never */
  readonly expiresAfterDays?: number;
  /** what one point is worth when it is redeemed; left out: it is not said in money, in minor units of its currency */
  readonly pointWorth?: number;
}

/** A programme has other terms, for what its members earn from now on. */
export interface LoyaltyProgrammeRevisedV1 {
  /** the loyalty programme */
  readonly programmeId: string;
  /** name of the programme */
  readonly name: string;
  /** its tiers, from the lowest to the highest */
  readonly tiers: readonly {
    /** name of the tier, unique in its programme */
    readonly name: string;
    /** what a member has to have spent to be in the tier; 0 for the lowest one, in minor units of its currency */
    readonly minSpent: number;
    /** what earns one point; an order keeps what it was when it first earned, in minor units of its currency */
    readonly pointFor: number;
  }[];
  /** after how long points expire, in days of 24 hours; left out: never */
  readonly expiresAfterDays?: number;
  /** what one point is worth when it is redeemed; left out: it is not said in money, in minor units of its currency */
  readonly pointWorth?: number;
}

/** Nobody is enrolled in a programme any more, and what is paid from now on earns nothing. Points stay until they are used or expire. */
export interface LoyaltyProgrammeClosedV1 {
  /** the loyalty programme */
  readonly programmeId: string;
}

/** A customer takes part in a loyalty programme. */
export interface MemberEnrolledV1 {
  /** the customer who is a member */
  readonly customerId: string;
  /** the loyalty programme */
  readonly programmeId: string;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** the lowest tier of the programme */
  readonly tier: string;
}

/** A member paid for an order, and earned points with it; none where the amount is too small for one more. */
export interface PointsEarnedV1 {
  /** the customer who is a member */
  readonly customerId: string;
  /** the loyalty programme */
  readonly programmeId: string;
  /** the order */
  readonly orderId: string;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** by how much more of the order counts, in minor units of its currency */
  readonly amount: number;
  /** how much of the order counts now: invoices that are paid in full, without what was credited, in minor units of its currency */
  readonly counted: number;
  /** what earns one point with this order, in minor units of its currency */
  readonly pointFor: number;
  /** number of points: what was earned */
  readonly points: number;
  /** when the points expire; left out: never (UTC, milliseconds) */
  readonly expiresAt?: string;
  /** number of points: what the member can redeem now */
  readonly balance: number;
  /** number of points: what was redeemed before goods came back that had earned it, and is set off against what is earned next */
  readonly owed: number;
  /** what the member spent in all: its orders, as far as they count, in minor units of its currency */
  readonly spent: number;
}

/** What a member paid for an order was credited or did not stay with us: the points earned with it are taken back. */
export interface PointsTakenBackV1 {
  /** the customer who is a member */
  readonly customerId: string;
  /** the loyalty programme */
  readonly programmeId: string;
  /** the order */
  readonly orderId: string;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** by how much less of the order counts, in minor units of its currency */
  readonly amount: number;
  /** how much of the order counts now: invoices that are paid in full, without what was credited, in minor units of its currency */
  readonly counted: number;
  /** number of points: what was taken back of what the order had earned */
  readonly points: number;
  /** number of points: how many of those had expired before, and are not taken again */
  readonly expired: number;
  /** number of points: what the member can redeem now */
  readonly balance: number;
  /** number of points: what was redeemed before goods came back that had earned it, and is set off against what is earned next */
  readonly owed: number;
  /** what the member spent in all: its orders, as far as they count, in minor units of its currency */
  readonly spent: number;
}

/** A member used points. */
export interface PointsRedeemedV1 {
  /** the customer who is a member */
  readonly customerId: string;
  /** the loyalty programme */
  readonly programmeId: string;
  /** number of points: what was used */
  readonly points: number;
  /** what the member got for them; nothing about a person */
  readonly reward?: string;
  /** the order in which they were used */
  readonly orderId?: string;
  /** what the points were worth, where the programme says so, in minor units of its currency */
  readonly amount?: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
  /** number of points: what the member can redeem now */
  readonly balance: number;
}

/** Points of a member were not used in time. */
export interface PointsExpiredV1 {
  /** the customer who is a member */
  readonly customerId: string;
  /** the loyalty programme */
  readonly programmeId: string;
  /** number of points: what expired */
  readonly points: number;
  /** when they were due to expire (UTC, milliseconds) */
  readonly expiredAt: string;
  /** number of points: what the member can redeem now */
  readonly balance: number;
}

/** Points of a member were set right by hand. */
export interface PointsAdjustedV1 {
  /** the customer who is a member */
  readonly customerId: string;
  /** the loyalty programme */
  readonly programmeId: string;
  /** number of points by which they became more; negative: less */
  readonly points: number;
  /** why, in a word or a short phrase; nothing about a person */
  readonly reason: string;
  /** when the points expire; left out: never (UTC, milliseconds) */
  readonly expiresAt?: string;
  /** number of points: what the member can redeem now */
  readonly balance: number;
  /** number of points: what was redeemed before goods came back that had earned it, and is set off against what is earned next */
  readonly owed: number;
}

/** A member is in another tier: it spent more, or what it spent counts less. */
export interface TierChangedV1 {
  /** the customer who is a member */
  readonly customerId: string;
  /** the loyalty programme */
  readonly programmeId: string;
  /** the tier before */
  readonly from: string;
  /** the tier now */
  readonly to: string;
  /** what the member spent in all: its orders, as far as they count, in minor units of its currency */
  readonly spent: number;
  /** ISO 4217 code of the amounts */
  readonly currency: string;
}

/** A customer takes part in a loyalty programme no more. */
export interface MembershipEndedV1 {
  /** the customer who is a member */
  readonly customerId: string;
  /** the loyalty programme */
  readonly programmeId: string;
  /** why, in a word or a short phrase; nothing about a person */
  readonly reason: string;
  /** number of points: what was not used, and is gone with the membership */
  readonly points: number;
  /** number of points: what was still to be set off, and is so no more */
  readonly owed: number;
}

/** Data of each version of each public fact. */
export interface FactData {
  readonly HeadPublished: { readonly 1: HeadPublishedV1 };
  readonly CustomerRegistered: { readonly 1: CustomerRegisteredV1 };
  readonly ContactAdded: { readonly 1: ContactAddedV1 };
  readonly IdentifierLinked: { readonly 1: IdentifierLinkedV1 };
  readonly IdentifierUnlinked: { readonly 1: IdentifierUnlinkedV1 };
  readonly ShipmentPreferenceSet: { readonly 1: ShipmentPreferenceSetV1 };
  readonly PreferenceRecorded: { readonly 1: PreferenceRecordedV1 };
  readonly OwnerAssigned: { readonly 1: OwnerAssignedV1 };
  readonly OwnershipTransferred: { readonly 1: OwnershipTransferredV1 };
  readonly CustomersMerged: { readonly 1: CustomersMergedV1 };
  readonly CustomersUnmerged: { readonly 1: CustomersUnmergedV1 };
  readonly CustomerErased: { readonly 1: CustomerErasedV1 };
  readonly RetentionEnded: { readonly 1: RetentionEndedV1 };
  readonly InteractionLogged: { readonly 1: InteractionLoggedV1 };
  readonly TouchpointRegistered: { readonly 1: TouchpointRegisteredV1 };
  readonly ProductDefined: { readonly 1: ProductDefinedV1 };
  readonly ProductPriced: { readonly 1: ProductPricedV1 };
  readonly ProductRevised: { readonly 1: ProductRevisedV1 };
  readonly ProductRetired: { readonly 1: ProductRetiredV1 };
  readonly ProductReintroduced: { readonly 1: ProductReintroducedV1 };
  readonly LeadCreated: { readonly 1: LeadCreatedV1 };
  readonly LeadAssigned: { readonly 1: LeadAssignedV1 };
  readonly LeadQualified: { readonly 1: LeadQualifiedV1 };
  readonly LeadDisqualified: { readonly 1: LeadDisqualifiedV1 };
  readonly LeadRecycled: { readonly 1: LeadRecycledV1 };
  readonly LeadConversionStarted: { readonly 1: LeadConversionStartedV1 };
  readonly LeadConverted: { readonly 1: LeadConvertedV1 };
  readonly LeadErased: { readonly 1: LeadErasedV1 };
  readonly OpportunityOpened: { readonly 1: OpportunityOpenedV1 };
  readonly OpportunityAdvanced: { readonly 1: OpportunityAdvancedV1 };
  readonly OpportunityRegressed: { readonly 1: OpportunityRegressedV1 };
  readonly OpportunityWon: { readonly 1: OpportunityWonV1 };
  readonly OpportunityLost: { readonly 1: OpportunityLostV1 };
  readonly OpportunityReopened: { readonly 1: OpportunityReopenedV1 };
  readonly OpportunityStalled: { readonly 1: OpportunityStalledV1 };
  readonly OpportunityAssigned: { readonly 1: OpportunityAssignedV1 };
  readonly OpportunityCorrected: { readonly 1: OpportunityCorrectedV1 };
  readonly OpportunityNotesErased: { readonly 1: OpportunityNotesErasedV1 };
  readonly PipelineDefined: { readonly 1: PipelineDefinedV1 };
  readonly CartChanged: { readonly 1: CartChangedV1 };
  readonly CartAbandoned: { readonly 1: CartAbandonedV1 };
  readonly CartOrdered: { readonly 1: CartOrderedV1 };
  readonly OrderPlaced: { readonly 1: OrderPlacedV1 };
  readonly OrderAmended: { readonly 1: OrderAmendedV1 };
  readonly OrderConfirmed: { readonly 1: OrderConfirmedV1 };
  readonly OrderHeld: { readonly 1: OrderHeldV1 };
  readonly OrderReleased: { readonly 1: OrderReleasedV1 };
  readonly OrderCancelled: { readonly 1: OrderCancelledV1 };
  readonly OrderClosed: { readonly 1: OrderClosedV1 };
  readonly OrderShipped: { readonly 1: OrderShippedV1; readonly 2: OrderShippedV2 };
  readonly OrderDelivered: { readonly 1: OrderDeliveredV1; readonly 2: OrderDeliveredV2 };
  readonly OrderShipmentReturned: { readonly 1: OrderShipmentReturnedV1 };
  readonly DeliveryInspected: { readonly 1: DeliveryInspectedV1 };
  readonly OrderAllocated: { readonly 1: OrderAllocatedV1 };
  readonly OrderPicked: { readonly 1: OrderPickedV1 };
  readonly OrderBackordered: { readonly 1: OrderBackorderedV1; readonly 2: OrderBackorderedV2 };
  readonly OrderBackorderEnded: { readonly 1: OrderBackorderEndedV1; readonly 2: OrderBackorderEndedV2 };
  readonly OrderReturned: { readonly 1: OrderReturnedV1 };
  readonly OrderInvoiced: { readonly 1: OrderInvoicedV1 };
  readonly PaymentReceived: { readonly 1: PaymentReceivedV1 };
  readonly PaymentReversed: { readonly 1: PaymentReversedV1 };
  readonly OrderCredited: { readonly 1: OrderCreditedV1 };
  readonly PaymentRefunded: { readonly 1: PaymentRefundedV1 };
  readonly InvoiceBecameOverdue: { readonly 1: InvoiceBecameOverdueV1 };
  readonly InvoiceAged: { readonly 1: InvoiceAgedV1 };
  readonly PaymentReminded: { readonly 1: PaymentRemindedV1 };
  readonly PackagePacked: { readonly 1: PackagePackedV1 };
  readonly PackageUnpacked: { readonly 1: PackageUnpackedV1 };
  readonly PackageSent: { readonly 1: PackageSentV1 };
  readonly PackageDeliveryFailed: { readonly 1: PackageDeliveryFailedV1 };
  readonly PackageDelivered: { readonly 1: PackageDeliveredV1 };
  readonly PackageCameBack: { readonly 1: PackageCameBackV1 };
  readonly ReturnRequested: { readonly 1: ReturnRequestedV1 };
  readonly ReturnApproved: { readonly 1: ReturnApprovedV1 };
  readonly ReturnRejected: { readonly 1: ReturnRejectedV1 };
  readonly ReturnReceived: { readonly 1: ReturnReceivedV1 };
  readonly ReturnRefunded: { readonly 1: ReturnRefundedV1 };
  readonly ReturnReplaced: { readonly 1: ReturnReplacedV1 };
  readonly ReturnSentBack: { readonly 1: ReturnSentBackV1 };
  readonly ReturnReopened: { readonly 1: ReturnReopenedV1 };
  readonly ClaimFiled: { readonly 1: ClaimFiledV1 };
  readonly ClaimSettled: { readonly 1: ClaimSettledV1 };
  readonly ClaimWithdrawn: { readonly 1: ClaimWithdrawnV1 };
  readonly ClaimReopened: { readonly 1: ClaimReopenedV1 };
  readonly PaymentRecorded: { readonly 1: PaymentRecordedV1 };
  readonly PaymentAllocated: { readonly 1: PaymentAllocatedV1 };
  readonly AllocationReturned: { readonly 1: AllocationReturnedV1 };
  readonly RemainderRefunded: { readonly 1: RemainderRefundedV1 };
  readonly PaymentCancelled: { readonly 1: PaymentCancelledV1 };
  readonly SeriesContinued: { readonly 1: SeriesContinuedV1 };
  readonly InvoiceNumbered: { readonly 1: InvoiceNumberedV1 };
  readonly CreditNoteNumbered: { readonly 1: CreditNoteNumberedV1 };
  readonly CreditLimitSet: { readonly 1: CreditLimitSetV1 };
  readonly TicketOpened: { readonly 1: TicketOpenedV1 };
  readonly TicketCategorised: { readonly 1: TicketCategorisedV1 };
  readonly TicketPrioritised: { readonly 1: TicketPrioritisedV1 };
  readonly TicketAssigned: { readonly 1: TicketAssignedV1 };
  readonly TicketReplied: { readonly 1: TicketRepliedV1 };
  readonly TicketHeld: { readonly 1: TicketHeldV1 };
  readonly TicketResumed: { readonly 1: TicketResumedV1 };
  readonly TicketResolved: { readonly 1: TicketResolvedV1 };
  readonly TicketReopened: { readonly 1: TicketReopenedV1 };
  readonly TicketClosed: { readonly 1: TicketClosedV1 };
  readonly TicketSplit: { readonly 1: TicketSplitV1 };
  readonly TicketMerged: { readonly 1: TicketMergedV1 };
  readonly TicketAbsorbed: { readonly 1: TicketAbsorbedV1 };
  readonly TicketReinstated: { readonly 1: TicketReinstatedV1 };
  readonly SlaAttached: { readonly 1: SlaAttachedV1 };
  readonly SlaRetargeted: { readonly 1: SlaRetargetedV1 };
  readonly SlaPaused: { readonly 1: SlaPausedV1 };
  readonly SlaResumed: { readonly 1: SlaResumedV1 };
  readonly SlaEscalated: { readonly 1: SlaEscalatedV1 };
  readonly SlaBreached: { readonly 1: SlaBreachedV1 };
  readonly SlaFulfilled: { readonly 1: SlaFulfilledV1 };
  readonly SlaFailed: { readonly 1: SlaFailedV1 };
  readonly TeamFormed: { readonly 1: TeamFormedV1 };
  readonly AgentProfiled: { readonly 1: AgentProfiledV1 };
  readonly AgentStatusChanged: { readonly 1: AgentStatusChangedV1 };
  readonly AgentLeft: { readonly 1: AgentLeftV1 };
  readonly TicketRouted: { readonly 1: TicketRoutedV1 };
  readonly TicketQueued: { readonly 1: TicketQueuedV1 };
  readonly ServiceTierAssigned: { readonly 1: ServiceTierAssignedV1 };
  readonly CustomerServed: { readonly 1: CustomerServedV1 };
  readonly SlaPolicyDefined: { readonly 1: SlaPolicyDefinedV1 };
  readonly WorkingCalendarDefined: { readonly 1: WorkingCalendarDefinedV1 };
  readonly RelationshipBegan: { readonly 1: RelationshipBeganV1 };
  readonly RelationshipBound: { readonly 1: RelationshipBoundV1 };
  readonly CustomerChurned: { readonly 1: CustomerChurnedV1 };
  readonly ChurnReasonLearnt: { readonly 1: ChurnReasonLearntV1 };
  readonly CustomerWonBack: { readonly 1: CustomerWonBackV1 };
  readonly ContractStarted: { readonly 1: ContractStartedV1 };
  readonly ContractChanged: { readonly 1: ContractChangedV1 };
  readonly ContractNoticeGiven: { readonly 1: ContractNoticeGivenV1 };
  readonly ContractContinued: { readonly 1: ContractContinuedV1 };
  readonly ContractEnded: { readonly 1: ContractEndedV1 };
  readonly PurchaseRecorded: { readonly 1: PurchaseRecordedV1 };
  readonly RetentionActionTaken: { readonly 1: RetentionActionTakenV1 };
  readonly RetentionActionAnswered: { readonly 1: RetentionActionAnsweredV1 };
  readonly RetentionActionJudged: { readonly 1: RetentionActionJudgedV1 };
  readonly SilenceDefined: { readonly 1: SilenceDefinedV1 };
  readonly SilenceDropped: { readonly 1: SilenceDroppedV1 };
  readonly LoyaltyProgrammeDefined: { readonly 1: LoyaltyProgrammeDefinedV1 };
  readonly LoyaltyProgrammeRevised: { readonly 1: LoyaltyProgrammeRevisedV1 };
  readonly LoyaltyProgrammeClosed: { readonly 1: LoyaltyProgrammeClosedV1 };
  readonly MemberEnrolled: { readonly 1: MemberEnrolledV1 };
  readonly PointsEarned: { readonly 1: PointsEarnedV1 };
  readonly PointsTakenBack: { readonly 1: PointsTakenBackV1 };
  readonly PointsRedeemed: { readonly 1: PointsRedeemedV1 };
  readonly PointsExpired: { readonly 1: PointsExpiredV1 };
  readonly PointsAdjusted: { readonly 1: PointsAdjustedV1 };
  readonly TierChanged: { readonly 1: TierChangedV1 };
  readonly MembershipEnded: { readonly 1: MembershipEndedV1 };
}

/** The topics, and the public facts in each. */
export const topics = {
  head: ['HeadPublished'],
  customer: ['CustomerRegistered', 'ContactAdded', 'IdentifierLinked', 'IdentifierUnlinked', 'ShipmentPreferenceSet', 'PreferenceRecorded', 'OwnerAssigned', 'OwnershipTransferred', 'CustomersMerged', 'CustomersUnmerged', 'CustomerErased', 'RetentionEnded'],
  interaction: ['InteractionLogged'],
  touchpoint: ['TouchpointRegistered'],
  product: ['ProductDefined', 'ProductPriced', 'ProductRevised', 'ProductRetired', 'ProductReintroduced'],
  lead: ['LeadCreated', 'LeadAssigned', 'LeadQualified', 'LeadDisqualified', 'LeadRecycled', 'LeadConversionStarted', 'LeadConverted', 'LeadErased'],
  opportunity: ['OpportunityOpened', 'OpportunityAdvanced', 'OpportunityRegressed', 'OpportunityWon', 'OpportunityLost', 'OpportunityReopened', 'OpportunityStalled', 'OpportunityAssigned', 'OpportunityCorrected', 'OpportunityNotesErased'],
  pipelineDefinition: ['PipelineDefined'],
  cart: ['CartChanged', 'CartAbandoned', 'CartOrdered'],
  order: ['OrderPlaced', 'OrderAmended', 'OrderConfirmed', 'OrderHeld', 'OrderReleased', 'OrderCancelled', 'OrderClosed', 'OrderShipped', 'OrderDelivered', 'OrderShipmentReturned', 'DeliveryInspected', 'OrderAllocated', 'OrderPicked', 'OrderBackordered', 'OrderBackorderEnded', 'OrderReturned', 'OrderInvoiced', 'PaymentReceived', 'PaymentReversed', 'OrderCredited', 'PaymentRefunded', 'InvoiceBecameOverdue', 'InvoiceAged', 'PaymentReminded'],
  package: ['PackagePacked', 'PackageUnpacked', 'PackageSent', 'PackageDeliveryFailed', 'PackageDelivered', 'PackageCameBack'],
  return: ['ReturnRequested', 'ReturnApproved', 'ReturnRejected', 'ReturnReceived', 'ReturnRefunded', 'ReturnReplaced', 'ReturnSentBack', 'ReturnReopened'],
  claim: ['ClaimFiled', 'ClaimSettled', 'ClaimWithdrawn', 'ClaimReopened'],
  payment: ['PaymentRecorded', 'PaymentAllocated', 'AllocationReturned', 'RemainderRefunded', 'PaymentCancelled'],
  series: ['SeriesContinued', 'InvoiceNumbered', 'CreditNoteNumbered'],
  creditAccount: ['CreditLimitSet'],
  ticket: ['TicketOpened', 'TicketCategorised', 'TicketPrioritised', 'TicketAssigned', 'TicketReplied', 'TicketHeld', 'TicketResumed', 'TicketResolved', 'TicketReopened', 'TicketClosed', 'TicketSplit', 'TicketMerged', 'TicketAbsorbed', 'TicketReinstated', 'SlaAttached', 'SlaRetargeted', 'SlaPaused', 'SlaResumed', 'SlaEscalated', 'SlaBreached', 'SlaFulfilled', 'SlaFailed'],
  team: ['TeamFormed', 'AgentProfiled', 'AgentStatusChanged', 'AgentLeft', 'TicketRouted', 'TicketQueued'],
  serviceProfile: ['ServiceTierAssigned', 'CustomerServed'],
  slaPolicy: ['SlaPolicyDefined'],
  workingCalendar: ['WorkingCalendarDefined'],
  relationship: ['RelationshipBegan', 'RelationshipBound', 'CustomerChurned', 'ChurnReasonLearnt', 'CustomerWonBack', 'ContractStarted', 'ContractChanged', 'ContractNoticeGiven', 'ContractContinued', 'ContractEnded', 'PurchaseRecorded', 'RetentionActionTaken', 'RetentionActionAnswered', 'RetentionActionJudged'],
  silence: ['SilenceDefined', 'SilenceDropped'],
  loyaltyProgramme: ['LoyaltyProgrammeDefined', 'LoyaltyProgrammeRevised', 'LoyaltyProgrammeClosed'],
  loyaltyMember: ['MemberEnrolled', 'PointsEarned', 'PointsTakenBack', 'PointsRedeemed', 'PointsExpired', 'PointsAdjusted', 'TierChanged', 'MembershipEnded'],
} as const;

/** The newest version of each fact that these types know. */
export const versions = {
  HeadPublished: 1,
  CustomerRegistered: 1,
  ContactAdded: 1,
  IdentifierLinked: 1,
  IdentifierUnlinked: 1,
  ShipmentPreferenceSet: 1,
  PreferenceRecorded: 1,
  OwnerAssigned: 1,
  OwnershipTransferred: 1,
  CustomersMerged: 1,
  CustomersUnmerged: 1,
  CustomerErased: 1,
  RetentionEnded: 1,
  InteractionLogged: 1,
  TouchpointRegistered: 1,
  ProductDefined: 1,
  ProductPriced: 1,
  ProductRevised: 1,
  ProductRetired: 1,
  ProductReintroduced: 1,
  LeadCreated: 1,
  LeadAssigned: 1,
  LeadQualified: 1,
  LeadDisqualified: 1,
  LeadRecycled: 1,
  LeadConversionStarted: 1,
  LeadConverted: 1,
  LeadErased: 1,
  OpportunityOpened: 1,
  OpportunityAdvanced: 1,
  OpportunityRegressed: 1,
  OpportunityWon: 1,
  OpportunityLost: 1,
  OpportunityReopened: 1,
  OpportunityStalled: 1,
  OpportunityAssigned: 1,
  OpportunityCorrected: 1,
  OpportunityNotesErased: 1,
  PipelineDefined: 1,
  CartChanged: 1,
  CartAbandoned: 1,
  CartOrdered: 1,
  OrderPlaced: 1,
  OrderAmended: 1,
  OrderConfirmed: 1,
  OrderHeld: 1,
  OrderReleased: 1,
  OrderCancelled: 1,
  OrderClosed: 1,
  OrderShipped: 2,
  OrderDelivered: 2,
  OrderShipmentReturned: 1,
  DeliveryInspected: 1,
  OrderAllocated: 1,
  OrderPicked: 1,
  OrderBackordered: 2,
  OrderBackorderEnded: 2,
  OrderReturned: 1,
  OrderInvoiced: 1,
  PaymentReceived: 1,
  PaymentReversed: 1,
  OrderCredited: 1,
  PaymentRefunded: 1,
  InvoiceBecameOverdue: 1,
  InvoiceAged: 1,
  PaymentReminded: 1,
  PackagePacked: 1,
  PackageUnpacked: 1,
  PackageSent: 1,
  PackageDeliveryFailed: 1,
  PackageDelivered: 1,
  PackageCameBack: 1,
  ReturnRequested: 1,
  ReturnApproved: 1,
  ReturnRejected: 1,
  ReturnReceived: 1,
  ReturnRefunded: 1,
  ReturnReplaced: 1,
  ReturnSentBack: 1,
  ReturnReopened: 1,
  ClaimFiled: 1,
  ClaimSettled: 1,
  ClaimWithdrawn: 1,
  ClaimReopened: 1,
  PaymentRecorded: 1,
  PaymentAllocated: 1,
  AllocationReturned: 1,
  RemainderRefunded: 1,
  PaymentCancelled: 1,
  SeriesContinued: 1,
  InvoiceNumbered: 1,
  CreditNoteNumbered: 1,
  CreditLimitSet: 1,
  TicketOpened: 1,
  TicketCategorised: 1,
  TicketPrioritised: 1,
  TicketAssigned: 1,
  TicketReplied: 1,
  TicketHeld: 1,
  TicketResumed: 1,
  TicketResolved: 1,
  TicketReopened: 1,
  TicketClosed: 1,
  TicketSplit: 1,
  TicketMerged: 1,
  TicketAbsorbed: 1,
  TicketReinstated: 1,
  SlaAttached: 1,
  SlaRetargeted: 1,
  SlaPaused: 1,
  SlaResumed: 1,
  SlaEscalated: 1,
  SlaBreached: 1,
  SlaFulfilled: 1,
  SlaFailed: 1,
  TeamFormed: 1,
  AgentProfiled: 1,
  AgentStatusChanged: 1,
  AgentLeft: 1,
  TicketRouted: 1,
  TicketQueued: 1,
  ServiceTierAssigned: 1,
  CustomerServed: 1,
  SlaPolicyDefined: 1,
  WorkingCalendarDefined: 1,
  RelationshipBegan: 1,
  RelationshipBound: 1,
  CustomerChurned: 1,
  ChurnReasonLearnt: 1,
  CustomerWonBack: 1,
  ContractStarted: 1,
  ContractChanged: 1,
  ContractNoticeGiven: 1,
  ContractContinued: 1,
  ContractEnded: 1,
  PurchaseRecorded: 1,
  RetentionActionTaken: 1,
  RetentionActionAnswered: 1,
  RetentionActionJudged: 1,
  SilenceDefined: 1,
  SilenceDropped: 1,
  LoyaltyProgrammeDefined: 1,
  LoyaltyProgrammeRevised: 1,
  LoyaltyProgrammeClosed: 1,
  MemberEnrolled: 1,
  PointsEarned: 1,
  PointsTakenBack: 1,
  PointsRedeemed: 1,
  PointsExpired: 1,
  PointsAdjusted: 1,
  TierChanged: 1,
  MembershipEnded: 1,
} as const;
