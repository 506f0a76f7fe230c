import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsISO4217CurrencyCode,
  IsISO8601,
  IsLatitude,
  IsLocale,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  IsTimeZone,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
  validate,
} from 'class-validator';
import fc from 'fast-check';
import { Command, Field, IsMoment } from '#kernel';
import { compileCommand, compileShape } from './validation.js';

class Line {
  @Field('the product')
  @IsUUID()
  readonly productId!: string;

  @Field('number of units', { unit: 'units', example: 2 })
  @IsInt()
  @Min(1)
  @Max(1000)
  readonly quantity!: number;
}

@Command({ summary: 'Place an order.', route: 'POST /orders', creates: true })
class Place {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('its number')
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(8)
  readonly number?: string;

  @Field('what it is called')
  @IsString()
  readonly title!: string;

  @Field('currency')
  @IsISO4217CurrencyCode()
  readonly currency!: string;

  @Field('when')
  @IsOptional()
  @IsISO8601({ strict: true })
  @Matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, { message: 'a moment in UTC' })
  readonly due?: string;

  @Field('how', { example: 'DIRECT' })
  @IsOptional()
  @IsIn(['DIRECT', 'PARTNER'])
  readonly channel?: string;

  @Field('share')
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(1)
  readonly share?: number;

  @Field('sure')
  @IsOptional()
  @IsBoolean()
  readonly sure?: boolean;

  @Field('zone')
  @IsOptional()
  @IsTimeZone()
  readonly zone?: string;

  @Field('address', { personal: true, example: 'ada@example.org' })
  @IsOptional()
  @IsEmail()
  readonly email?: string;

  @Field('short')
  @IsOptional()
  @Length(2, 4)
  readonly code?: string;

  @Field('others')
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(3)
  @IsUUID(undefined, { each: true })
  readonly others?: readonly string[];

  @Field('lines', { of: () => Line })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(3)
  @ValidateNested({ each: true })
  readonly lines!: readonly Line[];

  @Field('a thing made on the way', { assigned: true })
  @IsUUID()
  readonly shipmentId!: string;
}

const ID = '5b1f64f6-5d0c-4e59-9d0e-6c1b7f0a2c31';
const right = { orderId: ID, title: 'A', currency: 'EUR', lines: [{ productId: ID, quantity: 2 }] };
const { validate: check, schema } = compileCommand(Place, { id: 'orderId' });
const fieldsOf = (payload: unknown) => check(payload).map(({ field }) => field);

describe('a compiled command', () => {
  it('takes what is right', () => {
    expect(check(right)).toEqual([]);
    expect(
      check({ ...right, number: 'x', due: '2026-01-05T09:00:00.000Z', channel: 'DIRECT', zone: 'Europe/Berlin', others: [ID] }),
    ).toEqual([]);
  });

  it('lets the id of the only thing of its kind be left out', () => {
    @Command({ summary: 'Tidy the room.' })
    class Tidy {
      @Field('the only room', { assigned: '0f9c7c1e-6d3c-5b59-8f0e-2a4b1c6d7e8f' })
      @IsUUID()
      readonly roomId!: string;
    }
    expect(compileCommand(Tidy, { id: 'roomId' }).validate({})).toEqual([]);
  });

  it('lets the id of what it creates, and assigned ids, be left out', () => {
    const { orderId: _, ...without } = right;
    expect(check(without)).toEqual([]);
    expect(compileCommand(Place).validate(without)).toEqual([{ field: 'orderId', message: 'is required: a UUID in lower case' }]);
  });

  it('names nested fields and says what to do', () => {
    expect(
      check({
        ...right,
        lines: [
          { productId: ID, quantity: 2 },
          { productId: ID, quantity: 0, colour: 1 },
        ],
      }),
    ).toEqual([
      { field: 'lines[1].quantity', message: 'must be a whole number, at least 1, at most 1000 (for example 2)' },
      { field: 'lines[1].colour', message: 'is not known here; allowed: productId, quantity' },
    ]);
    expect(check({ ...right, lines: [] })).toEqual([
      { field: 'lines', message: 'must be a list with at least 1 entry and with at most 3 entries' },
    ]);
    expect(check({ ...right, lines: [7] })).toEqual([{ field: 'lines[0]', message: 'must be a JSON object, not a number' }]);
  });

  it('refuses unknown fields and says which there are', () => {
    expect(check({ ...right, titel: 'A' })).toEqual([
      { field: 'titel', message: expect.stringContaining('allowed: orderId, number, title') },
    ]);
    expect(
      fieldsOf(JSON.parse(`{"__proto__":{},"title":"A","currency":"EUR","lines":[{"productId":"${ID}","quantity":1}]}`)),
    ).toEqual(['__proto__']);
  });

  it('refuses null and asks to leave the field out', () => {
    expect(check({ ...right, number: null })).toEqual([
      { field: 'number', message: expect.stringMatching(/^must not be null: leave it out/) },
    ]);
  });

  it.each([
    ['U+0000', { title: 'a\0b' }],
    ['half a surrogate pair', { title: 'a\ud800' }],
    ['more than 10,000 characters without a bound of its own', { title: 'x'.repeat(10_001) }],
    ['an id in capitals', { orderId: ID.toUpperCase() }],
    ['an id of zeros', { orderId: '00000000-0000-0000-0000-000000000000' }],
    ['a currency in lower case', { currency: 'eur' }],
    ['an impossible day', { due: '2026-02-30T00:00:00.000Z' }],
    ['a number that is none', { share: Number.NaN }],
    ['a repeated entry', { others: [ID, ID] }],
  ])('refuses %s', (_what, change) => {
    expect(fieldsOf({ ...right, ...change })).toEqual(Object.keys(change));
  });

  it('counts characters, not code units', () => {
    expect(check({ ...right, number: '😀'.repeat(8) })).toEqual([]);
    expect(fieldsOf({ ...right, number: '😀'.repeat(9) })).toEqual(['number']);
  });

  it.each([null, undefined, 1, 'x', [], true])('refuses %p as a payload', (payload) => {
    expect(check(payload)).toEqual([{ field: '', message: expect.stringContaining('must be a JSON object') }]);
  });

  it('never quotes a value', () => {
    const told = JSON.stringify(check({ ...right, email: 'secret value', title: 42, lines: 'secret value' }));
    expect(told).toContain('email');
    expect(told).not.toContain('secret');
    expect(told).not.toContain('ada@');
  });

  it('stops after 50 faults', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`unknown${index}`, 1]));
    expect(check({ ...right, ...many })).toHaveLength(50);
  });

  it('gives a JSON schema with descriptions, units and what is personal', () => {
    expect(schema).toMatchObject({
      type: 'object',
      title: 'Place',
      required: ['title', 'currency', 'lines'],
      additionalProperties: false,
      properties: {
        title: { type: 'string', maxLength: 10_000, description: 'what it is called' },
        number: { type: 'string', minLength: 1, maxLength: 8 },
        email: { type: 'string', format: 'email', 'x-personal': true },
        channel: { type: 'string', enum: ['DIRECT', 'PARTNER'], examples: ['DIRECT'] },
        lines: {
          type: 'array',
          minItems: 1,
          maxItems: 3,
          items: { type: 'object', properties: { quantity: { type: 'integer', minimum: 1, maximum: 1000, 'x-unit': 'units' } } },
        },
      },
    });
  });
});

describe('a declaration that cannot be compiled stops the start', () => {
  it('without @Field', () => {
    class Silent {
      @IsString() readonly name!: string;
    }
    expect(() => compileShape(Silent)).toThrow('Silent.name lacks @Field');
  });

  it('with a decorator that is not supported', () => {
    class Odd {
      @Field('where') @IsLatitude() readonly place!: string;
    }
    expect(() => compileShape(Odd)).toThrow('Odd.place: the decorator isLatitude is not supported');
  });

  it('without a decorator that says its type', () => {
    class Vague {
      @Field('what') @IsNotEmpty() readonly what!: string;
    }
    expect(() => compileShape(Vague)).toThrow('Vague.what: no decorator says its type');
    class Undecorated {
      @Field('what') readonly what!: string;
    }
    expect(() => compileShape(Undecorated)).toThrow('Undecorated.what: no decorator says its type');
  });

  it('with a pattern that nobody says in words', () => {
    class Coded {
      @Field('the code') @Matches(/^[A-Z]{3}$/) readonly code!: string;
    }
    expect(() => compileShape(Coded)).toThrow('Coded.code: @Matches needs { message');
    class Said {
      @Field('the code') @Matches(/^[A-Z]{3}$/, { message: 'three capitals' }) readonly code!: string;
    }
    const message = expect.stringMatching(/^must be three capitals, at most/);
    expect(compileShape(Said).validate({ code: 'x' })).toEqual([{ field: 'code', message }]);
  });

  it('with a nested value of no class', () => {
    class Nested {
      @Field('lines') @IsArray() @ValidateNested({ each: true }) readonly lines!: readonly Line[];
    }
    expect(() => compileShape(Nested)).toThrow('needs @Field');
  });
});

describe('a language tag', () => {
  class Speaker {
    @Field('language') @IsOptional() @IsLocale() readonly language?: string;
    @Field('languages') @IsOptional() @IsArray() @IsLocale({ each: true }) readonly languages?: readonly string[];
  }
  const { validate: checkSpeaker } = compileShape(Speaker);

  it.each(['en', 'EN', 'en-gb', 'zh-Hant-TW', 'de-1996', 'gsw'])('may be %p', (language) =>
    expect(checkSpeaker({ language, languages: [language] })).toEqual([]),
  );
  it.each([
    'not a language!!',
    'e',
    'en_GB',
    'de--AT',
    'de-',
    'English language',
    'en-GB-x',
    `sh-x-${'abcdefg-'.repeat(3)}abcdef`,
  ])('is not %p', (language) =>
    expect(checkSpeaker({ language, languages: ['de', language] })).toMatchObject([
      { field: 'language', message: expect.stringContaining('a language tag of BCP 47, such as en or de-AT') },
      { field: 'languages[1]' },
    ]),
  );
});

it('includes the fields of the class that it extends', () => {
  class Wider extends Line {
    @Field('note') @IsOptional() @IsString() readonly note?: string;
  }
  const { validate: checkWider } = compileShape(Wider);
  expect(checkWider({ productId: ID, quantity: 1, note: 'x' })).toEqual([]);
  expect(checkWider({ note: 'x' }).map(({ field }) => field)).toEqual(['productId', 'quantity']);
});

describe('against class-validator itself (whitelist, forbidNonWhitelisted)', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.string({ unit: 'binary', maxLength: 10 }),
    fc.constantFrom(
      '',
      ' ',
      'EUR',
      'eur',
      'XXQ',
      'DIRECT',
      'x@example.org',
      'Europe/Berlin',
      'abcde',
      '❤️❤️',
      'a\ud800',
      '2026-01-05T09:00:00.000Z',
      '2026-02-30T00:00:00.000Z',
      '2026-01-05',
    ),
    fc.uuid(),
    fc.uuid().map((id) => id.toUpperCase()),
  );
  const scalar = fc.oneof(
    text,
    fc.integer({ min: -2, max: 1002 }),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom(2 ** 60, -0),
  );
  const line = fc.oneof(
    { weight: 6, arbitrary: fc.record({ productId: fc.uuid(), quantity: fc.integer({ min: 1, max: 1000 }) }) },
    { weight: 1, arbitrary: fc.record({ productId: scalar, quantity: scalar, more: scalar }, { requiredKeys: [] }) },
    { weight: 1, arbitrary: scalar },
  );
  const good = {
    orderId: fc.uuid(),
    number: fc.string({ minLength: 1, maxLength: 8 }),
    title: text,
    currency: fc.constantFrom('EUR', 'USD', 'JPY'),
    due: fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }).map((date) => date.toISOString()),
    channel: fc.constantFrom('DIRECT', 'PARTNER'),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    sure: fc.boolean(),
    zone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York'),
    email: fc.constantFrom('a@example.org', 'b.c@example.com'),
    code: fc.string({ minLength: 2, maxLength: 4 }),
    others: fc.uniqueArray(fc.uuid(), { maxLength: 3 }),
    lines: fc.array(line, { minLength: 1, maxLength: 3 }),
    shipmentId: fc.uuid(),
  };
  const requiredKeys = ['orderId', 'title', 'currency', 'lines', 'shipmentId'] as const;
  const payload = fc
    .tuple(
      fc.record(good, { requiredKeys: [...requiredKeys] }),
      fc.oneof(
        { weight: 1, arbitrary: fc.constant({}) },
        {
          weight: 3,
          arbitrary: fc.dictionary(
            fc.constantFrom(...Object.keys(good), 'other', 'more'),
            fc.oneof(scalar, fc.array(scalar, { maxLength: 4 })),
            { maxKeys: 2 },
          ),
        },
      ),
    )
    .map(([base, change]): Record<string, unknown> => ({ ...base, ...change }));

  const instanceOf = (given: Record<string, unknown>): object =>
    Object.assign(
      new Place(),
      given,
      Array.isArray(given.lines) && {
        lines: given.lines.map((entry) => (isObject(entry) ? Object.assign(new Line(), entry) : entry)),
      },
    );
  const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

  /** What we refuse on purpose and class-validator does not. */
  const isStricter = (value: unknown): boolean =>
    value === null ||
    (typeof value === 'string' &&
      (/[\0\p{Cs}]/u.test(value) || value.trim() === '' || value !== value.toLowerCase() || value === 'eur')) ||
    (typeof value === 'number' && !Number.isSafeInteger(value)) ||
    (isObject(value) && Object.values(value).some(isStricter)) ||
    (Array.isArray(value) && value.some(isStricter));

  it('accepts nothing that class-validator refuses, and refuses nothing more than it says', async () => {
    const compiled = compileCommand(Place);
    let accepted = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(payload, async (given) => {
        const ours = compiled.validate(given);
        // it throws at once for half a character in an e-mail address
        const theirs = await (async () => validate(instanceOf(given), { whitelist: true, forbidNonWhitelisted: true }))().catch(
          () => undefined,
        );
        if (!theirs) {
          expect(ours).not.toEqual([]);
          return;
        }
        const named = new Set(ours.map(({ field }) => field.split(/[.[]/)[0]));
        // an assigned id may be left out, which class-validator does not know
        const wrong = theirs
          .map(({ property }) => property)
          .filter((name) => name !== 'shipmentId' || given.shipmentId !== undefined);
        for (const name of wrong)
          if (!named.has(name)) throw new Error(`class-validator refuses ${name}, the compiled one does not`);
        for (const name of named) {
          if (!wrong.includes(name as string) && !isStricter(given[name as string]))
            throw new Error(`the compiled one alone refuses ${name}`);
        }
        if (ours.length === 0) accepted++;
        else refused++;
      }),
      { numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(500);
  });
});

describe('a moment', () => {
  class Leg {
    @Field('when it leaves') @IsMoment() readonly leaves!: string;
  }
  @Command({ summary: 'Do it.' })
  class Dated {
    @Field('when it is due') @IsMoment() readonly due!: string;
    @Field('when it was asked') @IsOptional() @IsMoment() readonly asked?: string;
    @Field('its legs', { of: () => Leg }) @IsOptional() @IsArray() @ValidateNested({ each: true }) readonly legs?: readonly Leg[];
  }
  const { validate: check, normalised, schema } = compileCommand(Dated);

  it('is asked for in words, with an example', () => {
    expect(check({ due: '2026-01-05T09:00:00.000Z' })).toEqual([]);
    const message = 'must be a moment with its zone, such as 2026-01-05T09:00:00Z';
    for (const due of ['2026-01-05', '2026-01-05T09:00:00', '2026-02-30T09:00:00.000Z', '2026-01-05T23:59:60Z', 'soon', 7])
      expect(check({ due })).toEqual([{ field: 'due', message }]);
    expect(schema).toMatchObject({ properties: { due: { type: 'string', format: 'date-time' } } });
  });

  it('is decided on in UTC with milliseconds, however it was told', () => {
    const told = { due: '2026-01-05T09:00:00Z', legs: [{ leaves: '2026-01-05T11:00:00.5+02:00' }] };
    expect(check(told)).toEqual([]);
    expect(normalised(told)).toEqual({ due: '2026-01-05T09:00:00.000Z', legs: [{ leaves: '2026-01-05T09:00:00.500Z' }] });
    expect(told.due).toBe('2026-01-05T09:00:00Z');
    const plain = { due: '2026-01-05T09:00:00.000Z' };
    expect(normalised(plain)).toBe(plain);
  });
});
