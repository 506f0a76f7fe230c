import { tenantOf } from '#kernel';
import type { Streams } from '../commands/streams.js';
import { Patience } from '../patience.js';
import { type CustomerOfToken, customerStreamOf, type Token } from '../system/token/token.js';

/** Milliseconds for which a token that was good opens queries while the log does not say whether it still is. */
const REMEMBERED = 10 * 60_000;
const MOST = 10_000;

/**
 * The tokens of the log. Views can be read while a remote log is away, so the tokens of those who read them are remembered for a
 * while; what is recorded meanwhile, a revocation too, is in the log and thus not recorded either. Tokens that are bound to a customer
 * end with its erasure: its own stream says so, wherever and whenever they were made.
 */
export class Tokens {
  readonly #remembered = new Map<string, { readonly token: Token; readonly at: number }>();
  readonly #patience = new Patience();

  constructor(private readonly streams: Streams) {}

  /** Where no look at the log is needed. */
  cached(stream: string): Token | undefined {
    const token = this.streams.cached(stream)?.state as Token | undefined;
    if (token === undefined) return undefined;
    const ofCustomer = customerOf(stream, token);
    if (ofCustomer === undefined) return token;
    const customer = this.streams.cached(ofCustomer)?.state as CustomerOfToken | undefined;
    return customer && inHandsOf(customer, token);
  }

  /** Throws LogUnavailable. */
  async token(stream: string): Promise<Token> {
    const now = performance.now();
    const before = this.#remembered.get(stream);
    const known = before && now - before.at < REMEMBERED ? before.token : undefined;
    return this.#patience.ask(() => this.#load(stream), known && { known });
  }

  async #load(stream: string): Promise<Token> {
    const issued = (await this.streams.load(stream, { isNamedByStrangers: true })).state as Token;
    const ofCustomer = customerOf(stream, issued);
    const token = ofCustomer ? inHandsOf((await this.streams.load(ofCustomer)).state as CustomerOfToken, issued) : issued;
    if (token.status === 'VALID') this.#remember(stream, token);
    else this.#remembered.delete(stream);
    return token;
  }

  #remember(stream: string, token: Token): void {
    this.#remembered.delete(stream);
    this.#remembered.set(stream, { token, at: performance.now() });
    if (this.#remembered.size <= MOST) return;
    const [oldest] = this.#remembered.keys();
    if (oldest !== undefined) this.#remembered.delete(oldest);
  }
}

const customerOf = (stream: string, token: Token): string | undefined =>
  token.status === 'VALID' && token.customerId !== undefined ? customerStreamOf(tenantOf(stream), token.customerId) : undefined;

const inHandsOf = (customer: CustomerOfToken, token: Token): Token =>
  customer.status === 'ERASED' && token.status === 'VALID' ? { ...token, status: 'REVOKED' } : token;
