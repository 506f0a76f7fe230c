import { IsEmail, IsIn, IsLocale, IsOptional, IsString, IsUUID, Length, Matches, MaxLength } from 'class-validator';
import { Command, Field, type Sealed } from '#kernel';
import { customerKinds, identifierKinds, preferenceSources } from './events.js';

const PHONE = /^\+?[0-9][0-9 ()./-]{3,29}[0-9]$/;
const DAY_WINDOW = /^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$/;
const PREFERENCE_KEY = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

@Command({
  route: 'POST /customers',
  roles: ['care', 'sales'],
  summary: 'Register a customer.',
  capabilities: ['CID-01', 'CID-06'],
  creates: true,
})
export class RegisterCustomer {
  @Field('The id of the new customer.')
  @IsOptional()
  @IsUUID()
  readonly customerId!: string;

  @Field('Whether the customer is a natural person or an organisation.', { example: 'ORGANISATION' })
  @IsIn(customerKinds)
  readonly kind!: (typeof customerKinds)[number];

  @Field('Name of the person or the organisation, at most 200 characters.', { personal: true, example: 'Acme Corporation' })
  @IsString()
  @Length(1, 200)
  readonly name!: Sealed<string>;

  @Field('E-mail address that identifies the customer; no other customer may have it.', {
    personal: true,
    example: 'office@acme.example',
  })
  @IsOptional()
  @IsEmail()
  @MaxLength(254)
  readonly email?: Sealed<string>;

  @Field('Phone number that identifies the customer; no other customer may have it.', {
    personal: true,
    example: '+49 30 1234567',
  })
  @IsOptional()
  @IsString()
  @Matches(PHONE, { message: 'a phone number: digits, with blanks and ( ) . / - between them, a + first where it has one' })
  readonly phone?: Sealed<string>;

  @Field('Language to address the customer in, a BCP 47 tag.', { example: 'de-AT' })
  @IsOptional()
  @MaxLength(35)
  @IsLocale()
  readonly language?: string;

  @Field('Market segment, in the words of the company.', { example: 'retail' })
  @IsOptional()
  @IsString()
  @Length(1, 60)
  readonly segment?: string;
}

@Command({
  route: 'POST /customers/:customerId/contacts',
  roles: ['care', 'sales'],
  summary: 'Add somebody whom one can reach for the customer.',
  capabilities: ['CID-01'],
})
export class AddContact {
  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;

  @Field('The id of the new contact.', { assigned: true })
  @IsOptional()
  @IsUUID()
  readonly contactId!: string;

  @Field('Name of the contact, at most 200 characters.', { personal: true, example: 'Ada Lovelace' })
  @IsString()
  @Length(1, 200)
  readonly name!: Sealed<string>;

  @Field('E-mail address of the contact; several contacts may share one.', { personal: true, example: 'ada@acme.example' })
  @IsOptional()
  @IsEmail()
  @MaxLength(254)
  readonly email?: Sealed<string>;

  @Field('Phone number of the contact; several contacts may share one.', { personal: true, example: '+49 30 1234568' })
  @IsOptional()
  @IsString()
  @Matches(PHONE, { message: 'a phone number: digits, with blanks and ( ) . / - between them, a + first where it has one' })
  readonly phone?: Sealed<string>;

  @Field('What the contact does for the customer.', { example: 'BUYER' })
  @IsOptional()
  @IsString()
  @Length(1, 60)
  readonly role?: string;
}

@Command({
  route: 'POST /customers/:customerId/identifiers',
  roles: ['care', 'sales'],
  summary: 'Link an identifier that belongs to this customer and to no other.',
  capabilities: ['CID-04', 'CID-06'],
})
export class LinkIdentifier {
  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;

  @Field('What the identifier is.', { example: 'EXTERNAL_ID' })
  @IsIn(identifierKinds)
  readonly kind!: (typeof identifierKinds)[number];

  @Field('The identifier; for a social account or an external id with the name of the other system before a colon.', {
    personal: true,
    example: 'erp:4711',
  })
  @IsString()
  @Length(1, 320)
  readonly value!: Sealed<string>;
}

@Command({
  route: 'POST /customers/:customerId/identifiers/:reservationId/unlink',
  roles: ['care', 'sales'],
  summary: 'Unlink an identifier, so that another customer may have it.',
  capabilities: ['CID-04'],
})
export class UnlinkIdentifier {
  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;

  @Field('The random id that stands for the identifier, as the customer view shows it.')
  @IsUUID()
  readonly reservationId!: string;
}

@Command({
  route: 'POST /customers/:customerId/shipment-preference',
  roles: ['care', 'sales', 'orders'],
  summary: 'Set how the customer wants deliveries, in place of what was set before.',
  capabilities: ['CID-01', 'ORD-12'],
})
export class SetShipmentPreference {
  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;

  @Field('Carrier, in the words of the company.', { example: 'DHL' })
  @IsOptional()
  @IsString()
  @Length(1, 60)
  readonly carrier?: string;

  @Field('Time of day for deliveries, in the local time of the address.', { unit: 'HH:MM-HH:MM', example: '08:00-12:00' })
  @IsOptional()
  @IsString()
  @Matches(DAY_WINDOW, { message: 'two times of day, such as 08:00-12:00' })
  readonly window?: string;

  @Field('Delivery address as on a label, a line each, at most 500 characters.', {
    personal: true,
    example: '1 Main Street\nSpringfield',
  })
  @IsOptional()
  @IsString()
  @Length(1, 500)
  readonly address?: Sealed<string>;
}

@Command({
  route: 'POST /customers/:customerId/preferences',
  roles: ['care', 'sales'],
  summary: 'Record a need or wish of the customer, in place of the one of the same key.',
  capabilities: ['CID-08'],
})
export class RecordPreference {
  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;

  @Field('What it is about: lower case words with dashes.', { example: 'packaging' })
  @IsString()
  @MaxLength(60)
  @Matches(PREFERENCE_KEY, { message: 'words of small letters and digits with a dash between them' })
  readonly key!: string;

  @Field('What the customer wants, at most 500 characters.', { personal: true, example: 'no plastics' })
  @IsString()
  @Length(1, 500)
  readonly value!: Sealed<string>;

  @Field('The customer said so, a representative noted it, or behaviour showed it.', { example: 'CUSTOMER' })
  @IsIn(preferenceSources)
  readonly source!: (typeof preferenceSources)[number];
}

@Command({
  route: 'POST /customers/:customerId/owner',
  roles: ['care', 'sales'],
  summary: 'Give a customer without an owner one.',
  capabilities: ['CID-07'],
})
export class AssignOwner {
  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;

  @Field('The employee who is to own the customer.')
  @IsUUID()
  readonly ownerId!: string;
}

@Command({
  route: 'POST /customers/:customerId/owner/transfer',
  roles: ['care', 'sales'],
  summary: 'Hand a customer from its owner to another one.',
  capabilities: ['CID-07'],
})
export class TransferOwnership {
  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;

  @Field('The employee who is to own the customer.')
  @IsUUID()
  readonly to!: string;
}

@Command({
  route: 'POST /customers/:customerId/merge',
  roles: ['care'],
  summary: 'Show this customer under another one, because both are the same.',
  capabilities: ['CID-04'],
})
export class MergeCustomers {
  @Field('The customer that is merged away.')
  @IsUUID()
  readonly customerId!: string;

  @Field('The customer under whom both are shown.')
  @IsUUID()
  readonly survivorId!: string;
}

@Command({
  route: 'POST /customers/:customerId/unmerge',
  roles: ['care'],
  summary: 'Show a merged customer by itself again.',
  capabilities: ['CID-04'],
})
export class UnmergeCustomers {
  @Field('The customer that was merged away.')
  @IsUUID()
  readonly customerId!: string;
}

@Command({
  route: 'POST /customers/:customerId/erase',
  roles: ['privacy'],
  summary: 'Destroy the personal data of a customer, its contacts and the customers merged into it; counts and sums stay.',
  capabilities: ['CID-10'],
})
export class EraseCustomer {
  @Field('The customer.')
  @IsUUID()
  readonly customerId!: string;
}
