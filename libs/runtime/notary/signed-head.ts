import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { KeyStore } from '../ports.js';
import { HASH_BYTES, type Hash } from './merkle.js';

/** How many facts a tenant has, and the root of the tree over them. */
export interface Head {
  readonly tenant: string;
  readonly size: number;
  readonly root: Hash;
}

/** A head, a signature or a key is not what it should be. The message says what is wrong. */
export class NotGenuine extends Error {}

const PREFIX = 'annals/';
const ED25519 = Buffer.of(1);
const SIGNATURE_BYTES = 64;
const PUBLIC_BYTES = 32;
/** What comes before the bytes of a private and of a public key of Ed25519 in PKCS 8 and SPKI. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * Signs heads with a key of the installation, which derives from its key store: a restored installation signs as before. Heads are
 * checkpoints, and signatures notes, of C2SP (c2sp.org/tlog-checkpoint, c2sp.org/signed-note), so that tools of others read them.
 */
export class HeadSigner {
  readonly #key: KeyObject;
  readonly #bytes: Buffer;

  private constructor(seed: Uint8Array) {
    this.#key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
    this.#bytes = createPublicKey(this.#key).export({ format: 'der', type: 'spki' }).subarray(SPKI.length);
  }

  static async open(keys: Pick<KeyStore, 'secret'>): Promise<HeadSigner> {
    return new HeadSigner(await keys.secret('history-signing'));
  }

  /** `annals/<tenant>+<hash of the key>+<key>`, as notes name the keys that verify them. */
  publicKey(tenant: string): string {
    const name = `${PREFIX}${tenant}`;
    return `${name}+${keyHash(name, this.#bytes).toString('hex')}+${Buffer.concat([ED25519, this.#bytes]).toString('base64')}`;
  }

  /** Name, number of facts and root, a line each; an empty line; the signature. */
  signed({ tenant, size, root }: Head): string {
    const name = `${PREFIX}${tenant}`;
    const text = `${name}\n${size}\n${root.toString('base64')}\n`;
    const signature = Buffer.concat([keyHash(name, this.#bytes), sign(undefined, Buffer.from(text), this.#key)]);
    return `${text}\n${SIGNATURE}${name} ${signature.toString('base64')}\n`;
  }
}

const SIGNATURE = '\u2014 ';

const keyHash = (name: string, key: Buffer): Buffer =>
  createHash('sha256').update(`${name}\n`).update(ED25519).update(key).digest().subarray(0, 4);

/** The head that a note holds. Throws NotGenuine unless the key signed exactly that. Signatures of others are left alone. */
export function genuineHead(note: string, publicKey: string): Head {
  const [, name, hash, bytes] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(publicKey.trim()) ?? [];
  const key = Buffer.from(bytes ?? '', 'base64');
  const isKey = name !== undefined && key.length === 1 + PUBLIC_BYTES && key[0] === ED25519[0];
  if (!isKey || keyHash(name, key.subarray(1)).toString('hex') !== hash)
    throw new NotGenuine('The public key must read annals/<tenant>+<8 hexadecimal digits>+<Base64>.');
  const end = note.indexOf('\n\n');
  const text = note.slice(0, end + 1);
  const [, tenant, size, root] = /^annals\/([a-z0-9]{1,32})\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n/.exec(text) ?? [];
  if (tenant === undefined || root === undefined)
    throw new NotGenuine('This is no signed head: it has no name, number of facts and root.');
  if (name !== `${PREFIX}${tenant}`) throw new NotGenuine(`This is a head of annals/${tenant}; the key is of ${name}.`);
  const id = Buffer.from(hash as string, 'hex');
  const signatures = note
    .slice(end + 2)
    .split('\n')
    .filter((line) => line.startsWith(`${SIGNATURE}${name} `))
    .map((line) => Buffer.from(line.slice(SIGNATURE.length + name.length + 1), 'base64'))
    .filter((bytes) => bytes.length === id.length + SIGNATURE_BYTES && bytes.subarray(0, id.length).equals(id));
  if (signatures.length === 0) throw new NotGenuine('The head has no signature of this key.');
  const verifier = createPublicKey({ key: Buffer.concat([SPKI, key.subarray(1)]), format: 'der', type: 'spki' });
  const isSigned = signatures.every((bytes) => verify(undefined, Buffer.from(text), verifier, bytes.subarray(id.length)));
  if (!isSigned) throw new NotGenuine('The signature is not of this head: it was changed after it was signed.');
  return { tenant, size: Number(size), root: Buffer.from(root, 'base64').subarray(0, HASH_BYTES) };
}
