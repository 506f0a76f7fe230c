/** Minor units. Times 100 percent it still is an exact integer in every engine. */
export const LARGEST_AMOUNT = 90_000_000_000_000;
