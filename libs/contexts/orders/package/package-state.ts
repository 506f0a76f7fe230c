import type { DataOf } from '#kernel';
import type { PackagePacked } from './events.js';

/** What a package holds of one order. */
export type Content = DataOf<typeof PackagePacked>['contents'][number];

export const packageStatuses = ['READY', 'SHIPPED', 'COMPLETED', 'RETURNED', 'CANCELLED'] as const;
export type PackageStatus = (typeof packageStatuses)[number];

export type Package =
  | { readonly exists: false }
  | {
      readonly exists: true;
      readonly status: PackageStatus;
      readonly contents: readonly Content[];
      readonly failedDeliveries: number;
    };
