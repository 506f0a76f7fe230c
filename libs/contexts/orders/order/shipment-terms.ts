import { refuse, type Sealed } from '#kernel';
import type { Customer, ShipmentPreference } from '../../customers/contract.js';
import { preferredParts } from './events.js';

/** How an order is to be delivered, as far as somebody said. */
export interface ShipmentTerms {
  readonly carrier?: string;
  readonly window?: string;
  readonly shippingAddress?: Sealed<string>;
}

interface Wanted extends ShipmentTerms {
  readonly overrideReason?: string;
}

/** What the customer prefers: who is merged has the preference of the customer under whom it is shown. */
export const preferenceOf = (customer: Customer, survivor: Customer): ShipmentPreference =>
  [survivor, customer].map((one) => (one.status === 'REGISTERED' ? one.shipment : undefined)).find(Boolean) ?? {};

/** The terms of a new order: what nobody said is as the customer prefers it. */
export function preferredTerms(wanted: Wanted, preference: ShipmentPreference) {
  const said = partsOf(wanted);
  const applied = preferredParts.filter((part) => preference[part] !== undefined && said[part] === undefined);
  const { carrier = preference.carrier, window = preference.window, shippingAddress = preference.address } = wanted;
  return { carrier, window, shippingAddress, ...departure(wanted, preference, applied) };
}

/**
 * What of the wanted terms departs from the preference, with its reason. An address is sealed, and cannot be compared: one that
 * is given departs from one that is preferred.
 */
export function departure(wanted: Wanted, preference: ShipmentPreference, applied: (typeof preferredParts)[number][] = []) {
  const said = partsOf(wanted);
  const overridden = preferredParts.filter(
    (part) =>
      preference[part] !== undefined && said[part] !== undefined && (part === 'address' || said[part] !== preference[part]),
  );
  const reason = wanted.overrideReason;
  if (overridden.length > 0 && reason === undefined)
    refuse(
      'override-without-reason',
      `The customer prefers another ${overridden.join(' and ')}; say in overrideReason why the order departs from it.`,
      'overrideReason',
    );
  if (applied.length + overridden.length === 0) return {};
  return { preference: { applied, overridden, ...(overridden.length > 0 && { reason }) } };
}

const partsOf = ({ carrier, window, shippingAddress: address }: ShipmentTerms) => ({ carrier, window, address });
