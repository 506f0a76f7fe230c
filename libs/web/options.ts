import type { Logger } from 'pino';
import { LOOPBACK } from '#runtime/loopback';
import type { Tracing } from '#runtime/tracing/index';
import type { KafkaAddress } from './asyncapi.js';
import type { IdentityOptions } from './identity/provider.js';
import type { LimitOptions } from './limits/limits.js';

export const HEARTBEAT = 15_000;

export interface WebOptions {
  /** 127.0.0.1 if left out. Beyond loopback needs `tls` or `trustedProxy`. */
  readonly host?: string;
  /** 7070 if left out; 0 takes a free one. */
  readonly port?: number;
  /** A busy port moves on to the next free one. */
  readonly portSearch?: boolean;
  /** PEM texts. */
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer };
  /** A proxy in front ends TLS and nobody else reaches this port. */
  readonly trustedProxy?: boolean;
  /** False: health and metrics only; everything else is answered 421. */
  readonly servesApi?: boolean;
  /** Bytes of the body of one command; 1 MiB if left out. */
  readonly bodyLimit?: number;
  /** Seconds for the body of one command, from first to last byte; 30 if left out. */
  readonly bodySeconds?: number;
  /** Milliseconds between heartbeats of server-sent events, and between looks at the token of a request that goes on; 15,000 if left out. */
  readonly heartbeat?: number;
  /** Schemas of earlier versions of facts, by `<type>.v<version>`: the definitions have those of the current ones. */
  readonly earlierSchemas?: ReadonlyMap<string, object>;
  /** Where topics are published, for the document that describes them. */
  readonly kafka?: KafkaAddress;
  readonly limits?: LimitOptions;
  /** Takes the tokens of an OpenID Connect provider too. */
  readonly identity?: IdentityOptions;
  /** Nothing is logged without it. */
  readonly logger?: Logger;
  /** Nothing is traced without it. */
  readonly tracing?: Tracing | undefined;
}

/** Why no address can be listened on, for whoever configures it. */
export class ListenRefused extends Error {}

/** Throws ListenRefused where the address could be reached in the clear from outside. */
export function checkBinding({ host = '127.0.0.1', tls, trustedProxy = false }: WebOptions): void {
  if (LOOPBACK.test(host) || tls || trustedProxy) return;
  throw new ListenRefused(
    `Binding to ${host} would send tokens and personal data in the clear. Give TLS (a key and a certificate), ` +
      'declare a trusted proxy that ends TLS, or bind to 127.0.0.1.',
  );
}
