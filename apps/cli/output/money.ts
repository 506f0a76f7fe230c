/** `1234500, 'EUR'` → `12,345.00 EUR`. Exact for all safe integers. */
export function formatMoney(minorUnits: number, currency: string): string {
  const digits = decimalsOf(currency);
  const sign = minorUnits < 0 ? '-' : '';
  const all = String(Math.abs(minorUnits)).padStart(digits + 1, '0');
  const whole = all.slice(0, all.length - digits).replace(/\B(?=(\d{3})+$)/g, ',');
  const fraction = digits === 0 ? '' : `.${all.slice(-digits)}`;
  return `${sign}${whole}${fraction} ${currency}`;
}

const known = new Map<string, number>();

function decimalsOf(currency: string): number {
  let digits = known.get(currency);
  if (digits === undefined) {
    try {
      digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
    } catch {
      digits = 2;
    }
    known.set(currency, digits);
  }
  return digits;
}

/** `2017-03-31T12:00:00.000Z` → `2017-03-31 12:00:00Z`; other texts as they are. */
export const formatMoment = (text: string): string => text.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)\.\d{3}Z$/, '$1 $2Z');

/** `93784` seconds → `1 d 2 h`; two units at most. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}
