/** What the key store asks of its writing thread, and the answers. */
export type KeyRequest =
  | { readonly kind: 'create'; readonly tenant: string; readonly person: string; readonly retention: string }
  | { readonly kind: 'destroy'; readonly tenant: string; readonly persons: readonly string[] }
  | {
      readonly kind: 'reserve';
      readonly tenant: string;
      readonly digest: string;
      readonly person: string;
      readonly proposed: string;
    }
  | {
      readonly kind: 'assign';
      readonly tenant: string;
      readonly digest: string;
      readonly person: string;
      readonly reservation: string;
    }
  | { readonly kind: 'secret'; readonly purpose: string }
  | { readonly kind: 'applied'; readonly position: string };

/** A key or secret, a reservation id, 'destroyed', or nothing to say. */
export type KeyAnswer = Uint8Array | string | undefined;

export const DESTROYED = 'destroyed';

export interface KeysWorkerData {
  readonly file: string;
  readonly masterKey: Uint8Array;
}

/** Stores in other threads drop what they remember of these persons. */
export interface Forgotten {
  readonly tenant: string;
  readonly persons: readonly string[];
}

export const channelOf = (file: string): string => `annals.keys ${file}`;
