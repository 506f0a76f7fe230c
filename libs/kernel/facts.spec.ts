import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { fact, Id, personal, Text } from './facts.js';
import { Carried } from './personal.js';

const NoteWritten = fact('NoteWritten', 'Somebody wrote a note.', {
  noteId: Id('the note'),
  personId: Id('whom it is about'),
  text: personal('personId', 'contact', Text('the note')),
});

describe('a fact', () => {
  it('states its type and data, nothing else', () => {
    const data = { noteId: 'n', personId: 'p', text: new Carried('secret') };
    expect(NoteWritten(data)).toEqual({ type: 'NoteWritten', data });
  });

  it('knows which of its fields are personal, whose and why they are kept', () => {
    expect(NoteWritten.personal).toEqual({ text: { person: 'personId', retention: 'contact' } });
  });

  it('has a schema named by type and version that allows no other field', () => {
    expect(NoteWritten.schema).toMatchObject({
      $id: 'NoteWritten.v1',
      additionalProperties: false,
      required: ['noteId', 'personId', 'text'],
    });
  });
});

describe('a carried personal value', () => {
  const carried = new Carried('secret');

  it('cannot be written as JSON', () => expect(() => JSON.stringify({ carried })).toThrow('seal it first'));
  it('does not show when printed', () => expect(inspect(carried) + String(carried)).not.toContain('secret'));
  it('is revealed only on purpose', () => expect(Carried.reveal(carried)).toBe('secret'));
});
