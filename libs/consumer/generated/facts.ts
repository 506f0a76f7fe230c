// Written by npm run reference from the definitions of the facts; do not edit.

import type { Sealed } from '../sealed.js';

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
  /** what else was agreed */
  readonly note?: Sealed<string>;
}

/** We accepted the order; from now on it can be shipped and invoiced. */
export interface OrderConfirmedV1 {
  /** the order */
  readonly orderId: string;
  /** result of the check of the customer's credit */
  readonly creditCheck?: 'PASSED' | 'WAIVED';
  /** result of the check of our stock */
  readonly stockCheck?: 'PASSED' | 'WAIVED';
}

/** Nothing more is shipped or invoiced until the order is released. */
export interface OrderHeldV1 {
  /** the order */
  readonly orderId: string;
  /** why, in a word or a short phrase; nothing about a person */
  readonly reason: string;
}

/** The order goes on after a hold. */
export interface OrderReleasedV1 {
  /** the order */
  readonly orderId: string;
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
  /** the lines and how many units of each are invoiced */
  readonly lines: readonly {
    /** a line of the order */
    readonly lineId: string;
    /** number of units */
    readonly quantity: number;
    /** quantity times unit price, in minor units of its currency */
    readonly amount: number;
  }[];
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
}

/** We credited an open invoice or a part of it. */
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
  /** why, in a word or a short phrase; nothing about a person */
  readonly reason: string;
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

/** Data of each version of each public fact. */
export interface FactData {
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
  readonly PipelineDefined: { readonly 1: PipelineDefinedV1 };
  readonly OrderPlaced: { readonly 1: OrderPlacedV1 };
  readonly OrderAmended: { readonly 1: OrderAmendedV1 };
  readonly OrderConfirmed: { readonly 1: OrderConfirmedV1 };
  readonly OrderHeld: { readonly 1: OrderHeldV1 };
  readonly OrderReleased: { readonly 1: OrderReleasedV1 };
  readonly OrderCancelled: { readonly 1: OrderCancelledV1 };
  readonly OrderClosed: { readonly 1: OrderClosedV1 };
  readonly OrderShipped: { readonly 1: OrderShippedV1 };
  readonly OrderDelivered: { readonly 1: OrderDeliveredV1 };
  readonly OrderInvoiced: { readonly 1: OrderInvoicedV1 };
  readonly PaymentReceived: { readonly 1: PaymentReceivedV1 };
  readonly OrderCredited: { readonly 1: OrderCreditedV1 };
  readonly InvoiceBecameOverdue: { readonly 1: InvoiceBecameOverdueV1 };
  readonly PaymentReminded: { readonly 1: PaymentRemindedV1 };
}

/** The topics, and the public facts in each. */
export const topics = {
  customer: ['CustomerRegistered', 'ContactAdded', 'IdentifierLinked', 'IdentifierUnlinked', 'ShipmentPreferenceSet', 'PreferenceRecorded', 'OwnerAssigned', 'OwnershipTransferred', 'CustomersMerged', 'CustomersUnmerged', 'CustomerErased'],
  interaction: ['InteractionLogged'],
  touchpoint: ['TouchpointRegistered'],
  product: ['ProductDefined', 'ProductPriced', 'ProductRevised', 'ProductRetired', 'ProductReintroduced'],
  lead: ['LeadCreated', 'LeadAssigned', 'LeadQualified', 'LeadDisqualified', 'LeadRecycled', 'LeadConversionStarted', 'LeadConverted', 'LeadErased'],
  opportunity: ['OpportunityOpened', 'OpportunityAdvanced', 'OpportunityRegressed', 'OpportunityWon', 'OpportunityLost', 'OpportunityReopened', 'OpportunityStalled', 'OpportunityAssigned', 'OpportunityCorrected'],
  pipelineDefinition: ['PipelineDefined'],
  order: ['OrderPlaced', 'OrderAmended', 'OrderConfirmed', 'OrderHeld', 'OrderReleased', 'OrderCancelled', 'OrderClosed', 'OrderShipped', 'OrderDelivered', 'OrderInvoiced', 'PaymentReceived', 'OrderCredited', 'InvoiceBecameOverdue', 'PaymentReminded'],
} as const;

/** The newest version of each fact that these types know. */
export const versions = {
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
  PipelineDefined: 1,
  OrderPlaced: 1,
  OrderAmended: 1,
  OrderConfirmed: 1,
  OrderHeld: 1,
  OrderReleased: 1,
  OrderCancelled: 1,
  OrderClosed: 1,
  OrderShipped: 1,
  OrderDelivered: 1,
  OrderInvoiced: 1,
  PaymentReceived: 1,
  OrderCredited: 1,
  InvoiceBecameOverdue: 1,
  PaymentReminded: 1,
} as const;
