/** One attempt to deliver. */
export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Aborted when this server stops. */
  readonly signal: AbortSignal;
}

/** Sends one request and gives what it was answered. Throws where there was no answer; AddressRefused where it may not be sent. */
export type SendWebhook = (
  request: WebhookRequest,
) => Promise<{ readonly status: number; readonly retryAfter?: string | undefined }>;

export type AddressRefusal = 'private-address' | 'https-needed';

/** Why this installation never sends to an address, where its text alone says so. */
export type RefusedAddress = (address: string) => AddressRefusal | undefined;

/** The address is none that this installation sends to. */
export class AddressRefused extends Error {
  constructor(readonly code: AddressRefusal) {
    super(`Webhooks are not sent there: ${code}.`);
  }
}
