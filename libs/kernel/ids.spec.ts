import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { derivedId, isId, parseStream, streamName } from './ids.js';

describe('a derived id', () => {
  it('is a UUID of version 5, the same on every machine and in every release', () => {
    expect(derivedId('command', 'main', 'service', 'a', 'key-1')).toBe('c303027e-13f3-52c8-94d3-7321e1985ea6');
  });

  it('tells apart lists that read the same when joined', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), fc.array(fc.string(), { minLength: 1 }), (one, other) => {
        expect(derivedId(...one) === derivedId(...other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
    expect(derivedId('a/b')).not.toBe(derivedId('a', 'b'));
    expect(derivedId('a\\', 'b')).not.toBe(derivedId('a\\/b'));
  });

  it('is an id that every engine accepts', () => expect(isId(derivedId('x'))).toBe(true));
});

describe('an id', () => {
  it('is not all zeros, not in upper case, not something else', () => {
    expect(isId('00000000-0000-0000-0000-000000000000')).toBe(false);
    expect(isId('018F3A5E-0000-7000-8000-000000000001')).toBe(false);
    expect(isId('x')).toBe(false);
  });
});

describe('a stream name', () => {
  it('names aggregate, tenant and id, and is read back', () => {
    const id = derivedId('x');
    expect(parseStream(streamName('pipelineDefinition', 'north1', id))).toEqual({
      aggregate: 'pipelineDefinition',
      tenant: 'north1',
      id,
    });
  });

  it('of another form is refused', () => {
    for (const text of ['', 'lead', 'lead-main', 'Lead-main.x', 'lead-UPPER.018f3a5e-0000-7000-8000-000000000001'])
      expect(() => parseStream(text)).toThrow();
  });
});
