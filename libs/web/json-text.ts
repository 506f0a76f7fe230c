import { isUtf8 } from 'node:buffer';
import { Problem } from '#runtime/problem';
import { repeatedMember } from '#runtime/repeated-member';

/** Parses JSON bytes. Throws Problem 400 that names line and column (from 1), never the text. */
export function parseJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new Problem(400, 'malformed-json', 'The text is not valid UTF-8; send it in that encoding.');
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const { line, column } = placeOf(text, jsonErrorOffset(text));
    throw new Problem(400, 'malformed-json', `Not valid JSON at line ${line}, column ${column}; correct it there.`, {
      members: { line, column },
    });
  }
  const again = repeatedMember(text, value);
  if (again === undefined) return value;
  const { line, column } = placeOf(text, again.offset);
  throw new Problem(
    400,
    'malformed-json',
    `A member comes twice in one object, again at line ${line}, column ${column}; send it once.`,
    {
      members: { line, column },
      errors: [{ field: again.name, message: 'comes twice; send it once' }],
    },
  );
}

/** Offset of the first character that JSON (RFC 8259) does not allow there; the length of the text if it ends too early. */
export function jsonErrorOffset(text: string): number {
  const open: ('{' | '[')[] = [];
  let at = 0;
  let expected: 'value' | 'value or ]' | 'name' | 'name or }' | 'after value' = 'value';
  for (;;) {
    while (at < text.length && WHITE_SPACE.includes(text.charAt(at))) at++;
    const character = text.charAt(at);
    if (at >= text.length) return text.length;
    if (expected === 'after value') {
      const inside = open.at(-1);
      if (inside === undefined) return at;
      if (character === ',') expected = inside === '{' ? 'name' : 'value';
      else if (character === (inside === '{' ? '}' : ']')) open.pop();
      else return at;
      at++;
    } else if (expected === 'name' || expected === 'name or }') {
      if (character === '}' && expected === 'name or }') {
        open.pop();
        at++;
        expected = 'after value';
        continue;
      }
      if (character !== '"') return at;
      const name = stringFrom(text, at);
      if (name.wrong) return name.end;
      at = name.end;
      while (at < text.length && WHITE_SPACE.includes(text.charAt(at))) at++;
      if (text.charAt(at) !== ':') return at;
      at++;
      expected = 'value';
    } else if (character === ']' && expected === 'value or ]') {
      open.pop();
      at++;
      expected = 'after value';
    } else if (character === '{' || character === '[') {
      open.push(character);
      at++;
      expected = character === '{' ? 'name or }' : 'value or ]';
    } else {
      const scalar = character === '"' ? stringFrom(text, at) : wordFrom(text, at);
      if (scalar.wrong) return scalar.end;
      at = scalar.end;
      expected = 'after value';
    }
  }
}

const WHITE_SPACE = ' \t\n\r';
const WORD = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

interface Token {
  readonly end: number;
  readonly wrong: boolean;
}

function wordFrom(text: string, at: number): Token {
  WORD.lastIndex = at;
  return WORD.test(text) ? { end: WORD.lastIndex, wrong: false } : { end: at, wrong: true };
}

function stringFrom(text: string, start: number): Token {
  let at = start + 1;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '"') return { end: at + 1, wrong: false };
    if (character < ' ') return { end: at, wrong: true };
    if (character === '\\') {
      ESCAPE.lastIndex = at;
      if (!ESCAPE.test(text)) return { end: at, wrong: true };
      at = ESCAPE.lastIndex;
    } else at++;
  }
  return { end: text.length, wrong: true };
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}
