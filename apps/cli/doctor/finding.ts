/** One thing that was looked at. `advice` says what to do about it, where there is something to do. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'problem';
  readonly finding: string;
  readonly advice?: string;
}

export const ok = (check: string, finding: string): Finding => ({ check, state: 'ok', finding });
export const warning = (check: string, finding: string, advice: string): Finding => ({
  check,
  state: 'warning',
  finding,
  advice,
});
export const problem = (check: string, finding: string, advice: string): Finding => ({
  check,
  state: 'problem',
  finding,
  advice,
});
