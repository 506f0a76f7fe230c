import { type LookupAddress, lookup } from 'node:dns';
import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { type AddressRefusal, AddressRefused, type SendWebhook } from '#runtime/webhooks/sending';
import { isOpenInternet } from './addresses.js';

export interface WebhookSenderOptions {
  /** Also to this machine and private networks, and in the clear. */
  readonly toPrivate: boolean;
  /** Milliseconds for the whole of a delivery; 10,000 if left out. */
  readonly timeout?: number;
}

/**
 * Delivers over HTTP. The address that is connected to is the one that was checked, so that no name can lead inside meanwhile;
 * redirects are not followed, answers are not read.
 */
export function webhookSender({ toPrivate, timeout = 10_000 }: WebhookSenderOptions): SendWebhook {
  return ({ url: text, headers, body, signal }) =>
    new Promise((resolve, reject) => {
      // a literal address is connected to without a look-up
      const refusal = toPrivate ? undefined : refusalOf(text);
      if (refusal) return reject(new AddressRefused(refusal));
      const url = new URL(text);
      const options: RequestOptions = {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
        agent: false,
        ...(!toPrivate && { lookup: openLookup }),
      };
      const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, (response) => {
        const { statusCode: status = 0, headers: told } = response;
        response.destroy();
        resolve({ status, retryAfter: told['retry-after'] });
      });
      request.on('error', reject);
      // an answer that switches protocols ends the connection without an error and without an answer
      request.on('close', () => reject(new Error('The connection ended without an answer.')));
      request.end(body);
    });
}

/** Why nothing is sent to an address unless private ones are allowed, where its text alone says so. */
export function refusalOf(address: string): AddressRefusal | undefined {
  const { protocol, hostname } = new URL(address);
  if (protocol !== 'https:') return 'https-needed';
  const host = hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 && !isOpenInternet(host) ? 'private-address' : undefined;
}

/** Refuses a name that leads inside, even if by one of its addresses only. */
const openLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    const [first] = addresses ?? [];
    if (error) callback(error, '', 0);
    else if (!first || addresses.some(({ address }) => !isOpenInternet(address)))
      callback(new AddressRefused('private-address'), '', 0);
    else if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};
