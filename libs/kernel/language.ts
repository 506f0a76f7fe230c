/** The one form of a language tag of BCP 47, which ignores case: `de-AT` for `de-at`. Undefined for what is none. */
export function languageTag(text: string | undefined): string | undefined {
  try {
    return Intl.getCanonicalLocales(text)[0];
  } catch {
    return undefined;
  }
}
