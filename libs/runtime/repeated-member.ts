/** Where a member of JSON is told again. */
export interface RepeatedMember {
  readonly name: string;
  /** Characters before it. */
  readonly offset: number;
}

/**
 * The first member of valid JSON that comes twice in one object, of which `JSON.parse` keeps the last and says nothing.
 * @param value what the text says: it has as many members as the text, unless one was lost.
 */
export function repeatedMember(text: string, value: unknown): RepeatedMember | undefined {
  return membersIn(text) === membersOf(value) ? undefined : found(text);
}

const QUOTE = '"';
const BACKSLASH = 92;
const COLON = 58;
const SPACE = 32;

function membersIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf(QUOTE); at >= 0; at = text.indexOf(QUOTE, at)) {
    at = endOf(text, at);
    while (text.charCodeAt(at) <= SPACE) at++;
    if (text.charCodeAt(at) === COLON) count++;
  }
  return count;
}

/** Behind the closing quote of the string that begins there. */
function endOf(text: string, start: number): number {
  for (let end = text.indexOf(QUOTE, start + 1); ; end = text.indexOf(QUOTE, end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return end + 1;
  }
}

/** Without recursion: a text may be nested as deeply as it is long. */
function membersOf(value: unknown): number {
  let count = 0;
  const inside = [value];
  for (let one = inside.pop(); inside.length > 0 || one !== undefined; one = inside.pop()) {
    if (typeof one !== 'object' || one === null) continue;
    const members = Object.values(one) as unknown[];
    if (!Array.isArray(one)) count += members.length;
    for (const member of members) if (typeof member === 'object' && member !== null) inside.push(member);
  }
  return count;
}

function found(text: string): RepeatedMember | undefined {
  const objects: Set<string>[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '{') objects.push(new Set());
    else if (character === '}') objects.pop();
    else if (character === QUOTE) {
      const offset = at;
      at = endOf(text, at);
      const name = JSON.parse(text.slice(offset, at)) as string;
      while (text.charCodeAt(at) <= SPACE) at++;
      if (text.charCodeAt(at) === COLON) {
        if (objects.at(-1)?.has(name)) return { name, offset };
        objects.at(-1)?.add(name);
      } else at--;
    }
  }
  return undefined;
}
