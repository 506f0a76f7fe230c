/** What other contexts may use of customers: its facts, the commands that they may send, and the customer as a reference of their decisions. */

export { AddContact, AssignOwner, LinkIdentifier, RegisterCustomer, TransferOwnership } from './customer/commands.js';
export { customer } from './customer/customer.js';
export {
  type Customer,
  type RegisteredCustomer,
  refuseUnknownCustomer,
  registered,
  type ShipmentPreference,
  shownAs,
} from './customer/customer-state.js';
export {
  ContactAdded,
  CustomerErased,
  CustomerRegistered,
  CustomersMerged,
  CustomersUnmerged,
  IdentifierLinked,
  IdentifierUnlinked,
  OwnerAssigned,
  OwnershipTransferred,
  PreferenceRecorded,
  RetentionEnded,
  ShipmentPreferenceSet,
} from './customer/events.js';
export {
  type Belongings,
  isOneOf,
  type Kin,
  kin,
  kinOf,
  mustBeContactOf,
  type Owner,
  ownerIn,
  ownerOf,
} from './customer/one-customer.js';
export { mustBeWindow } from './customer/window.js';
export { LogInteraction } from './interaction/commands.js';
export { channels, InteractionLogged } from './interaction/events.js';
export { TouchpointRegistered } from './touchpoint/events.js';
