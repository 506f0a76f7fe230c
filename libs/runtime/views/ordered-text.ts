/**
 * SQLite and MongoDB compare text by its UTF-8 bytes, ECMAScript by UTF-16 code units: they differ where characters beyond U+FFFF meet
 * those from U+E000 to U+FFFF. Both ranges together hold as many characters as follow U+DFFF, so that exchanging them is
 * a reversible map of texts after which byte order is code unit order. NUL, at which the SQLite driver cuts texts off, is escaped
 * by a pair that keeps its place in the order.
 */
export const orderedText = (text: string): string => (PLAIN.test(text) ? text : Array.from(text, exchanged).join(''));

/** Undoes orderedText. */
export function originalText(ordered: string): string {
  if (PLAIN.test(ordered)) return ordered;
  return ordered.replace(CHANGED, (character) => {
    if (character === '\u0001\u0001') return '\u0000';
    if (character === '\u0001\u0002') return '\u0001';
    const code = character.codePointAt(0) ?? 0;
    const place = code < 0x10000 ? code - 0xe000 : code - 0x10000 + HIGH;
    return String.fromCodePoint(place < BEYOND ? place + 0x10000 : place - BEYOND + 0xe000);
  });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL and U+0001 are what is escaped
const PLAIN = /^[\u0002-\ud7ff]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: their escapes
const CHANGED = /\u0001[\u0001\u0002]|[\ue000-\u{10ffff}]/gu;
/** Characters from U+E000 to U+FFFF, and those beyond. */
const HIGH = 0x2000;
const BEYOND = 0x100000;

function exchanged(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0) return '\u0001\u0001';
  if (code === 1) return '\u0001\u0002';
  if (code < 0xe000) return character;
  const place = code > 0xffff ? code - 0x10000 : code - 0xe000 + BEYOND;
  return String.fromCodePoint(place < HIGH ? place + 0xe000 : place - HIGH + 0x10000);
}
