import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { genuineHead, HeadSigner, NotGenuine } from './signed-head.js';

const root = createHash('sha256').digest();
const signerOf = (seed: string) => HeadSigner.open({ secret: async () => createHash('sha256').update(seed).digest() });

describe('a signed head', () => {
  let signer: HeadSigner;
  let note: string;
  let key: string;
  beforeAll(async () => {
    signer = await signerOf('ours');
    note = signer.signed({ tenant: 'main', size: 7, root });
    key = signer.publicKey('main');
  });

  it('reads as a checkpoint of C2SP', () => {
    expect(note).toMatch(
      /^annals\/main\n7\n47DEQpj8HBSa\+\/TImW\+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— annals\/main [A-Za-z0-9+/]+={0,2}\n$/,
    );
    expect(key).toMatch(/^annals\/main\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/);
  });

  it('says what it covers to whoever has the key, with signatures of others beside it', () => {
    expect(genuineHead(note, `${key}\n`)).toEqual({ tenant: 'main', size: 7, root });
    expect(genuineHead(`${note}— witness.example AAAAAAAA\n`, key).size).toBe(7);
  });

  it('is refused when anything of it was changed, and with another key', async () => {
    const other = await signerOf('theirs');
    expect(() => genuineHead(note.replace('\n7\n', '\n8\n'), key)).toThrow('changed after it was signed');
    expect(() => genuineHead(note.replace('47DE', '48DE'), key)).toThrow(NotGenuine);
    expect(() => genuineHead(note.replace(/\n\n.*/s, '\n\n'), key)).toThrow('no signature of this key');
    expect(() => genuineHead(note, other.publicKey('main'))).toThrow('no signature of this key');
    expect(() => genuineHead(note, signer.publicKey('north'))).toThrow('a head of annals/main; the key is of annals/north');
    expect(() => genuineHead(other.signed({ tenant: 'main', size: 7, root }), key)).toThrow(NotGenuine);
    expect(() => genuineHead('hello', key)).toThrow('no signed head');
    expect(() => genuineHead(note, key.replace('+', '-'))).toThrow('The public key must read');
    expect(() => genuineHead(note, `${key.slice(0, -2)}AA`)).toThrow('The public key must read');
  });
});
