import { refuse } from '#kernel';

/** A time of day for deliveries, HH:MM-HH:MM, that begins before it ends. */
export function mustBeWindow(window: string | undefined): void {
  if (window !== undefined && window.slice(0, 5) >= window.slice(6))
    refuse(
      'window-empty',
      `The window ${window} does not end after it begins; send one within a day, such as 08:00-12:00.`,
      'window',
    );
}
