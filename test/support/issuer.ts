import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

interface SigningKey {
  readonly id: string;
  readonly secret: CryptoKey;
  readonly published: JWK;
}

/** A small OpenID Connect provider on this machine: discovery, published keys, tokens. */
export class Issuer {
  readonly #server = createServer((request, response) => {
    this.asked.push(request.url ?? '');
    if (!this.answers) return void response.writeHead(500).end();
    const body =
      request.url === '/.well-known/openid-configuration'
        ? { issuer: this.url, jwks_uri: `${this.url}/keys` }
        : { keys: this.#keys.map(({ published }) => published) };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  #keys: SigningKey[] = [];
  readonly asked: string[] = [];
  answers = true;

  static async start(): Promise<Issuer> {
    const issuer = new Issuer();
    issuer.#server.listen(0, '127.0.0.1');
    await once(issuer.#server, 'listening');
    await issuer.rotate();
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Signs with a new key from now on, and publishes only that one. */
  async rotate(): Promise<void> {
    this.#keys = [await newKey(`key-${crypto.randomUUID()}`)];
  }

  /** Claims given as undefined are left out. */
  async token(
    claims: JWTPayload = {},
    { seconds = 300, key = this.#keys[0] }: { seconds?: number; key?: SigningKey | undefined } = {},
  ) {
    if (!key) throw new Error('There is no key.');
    const all = {
      iss: this.url,
      aud: 'annals',
      sub: 'ada@example.com',
      roles: ['sales'],
      exp: Math.floor(Date.now() / 1_000) + seconds,
    };
    const given = Object.entries({ ...all, ...claims }).filter(([, value]) => value !== undefined);
    return new SignJWT(Object.fromEntries(given)).setProtectedHeader({ alg: 'ES256', kid: key.id }).sign(key.secret);
  }

  /** Signed by somebody else who claims to be this key. */
  async forged(): Promise<string> {
    const { secret } = await newKey('any');
    const [key] = this.#keys;
    return this.token({}, { key: key && { ...key, secret } });
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

async function newKey(id: string): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  return { id, secret: privateKey, published: { ...(await exportJWK(publicKey)), kid: id, alg: 'ES256', use: 'sig' } };
}
