import { describe, expect, it } from '@jest/globals';
import { carried } from './carried.js';

describe('a personal value in a specification', () => {
  it('is the same as another one that carries the same', () =>
    expect({ name: carried('Ada') }).toEqual({ name: carried('Ada') }));
  it('is not the same as another one, a plain value or none', () => {
    for (const other of [carried('Bob'), 'Ada', {}, undefined]) {
      expect({ name: other }).not.toEqual({ name: carried('Ada') });
      expect({ name: other }).not.toMatchObject({ name: carried('Ada') });
      expect({ name: carried('Ada') }).not.toEqual({ name: other });
    }
  });
  it('is any personal value where the specification says so', () =>
    expect({ name: carried('Ada') }).toEqual({ name: expect.anything() }));
});
