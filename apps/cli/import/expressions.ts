import { type FunctionDefinition, functions, type Row, type Scope, type Value } from './functions.js';

/** A value cannot be made. `columns` are those it would have been made of. */
export class BadValue extends Error {
  constructor(
    readonly columns: readonly string[],
    reason: string,
  ) {
    super(reason);
  }
}

export interface Expression {
  readonly columns: readonly string[];
  readonly calls: readonly {
    readonly name: string;
    readonly texts: readonly (string | undefined)[];
    readonly columns: readonly string[];
  }[];
  readonly evaluate: (row: Row, scope: Scope) => Value | undefined;
}

/** The expression is not well formed; `message` says where and what is allowed. */
export class BadExpression extends Error {}

/**
 * Expressions: `{column}` (left out where empty), `{column!}` (must not be empty), `'text'`, numbers, plain words (text
 * without quotes) and calls `name(a, b)`.
 */
export function parseExpression(source: string): Expression {
  const parser = new Parser(source);
  const expression = parser.expression();
  parser.end();
  return expression;
}

class Parser {
  #at = 0;
  constructor(private readonly source: string) {}

  expression(): Expression {
    this.#space();
    const next = this.source[this.#at];
    if (next === '{') return this.#column();
    if (next === "'") return constant(this.#quoted());
    const word = /^[A-Za-z0-9_.:+-]+/.exec(this.source.slice(this.#at))?.[0];
    if (word === undefined) return this.#fail("expected {column}, 'text', a number, a word or name(…)");
    this.#at += word.length;
    this.#space();
    if (this.source[this.#at] === '(') return this.#call(word);
    return constant(word);
  }

  end(): void {
    this.#space();
    if (this.#at < this.source.length) this.#fail('nothing more may follow');
  }

  #column(): Expression {
    const end = this.source.indexOf('}', this.#at);
    if (end === -1) return this.#fail('the } is missing');
    const written = this.source.slice(this.#at + 1, end);
    this.#at = end + 1;
    const needed = written.endsWith('!');
    const column = needed ? written.slice(0, -1) : written;
    if (column === '') return this.#fail('a column has a name');
    return {
      columns: [column],
      calls: [],
      evaluate: (row) => {
        const value = row[column];
        if (value === undefined || value === '') {
          if (needed) throw new BadValue([column], 'is empty');
          return undefined;
        }
        if (typeof value !== 'string') throw new BadValue([column], 'is a list; use $each');
        return value;
      },
    };
  }

  #quoted(): string {
    const end = this.source.indexOf("'", this.#at + 1);
    if (end === -1) this.#fail("the closing ' is missing");
    const quoted = this.source.slice(this.#at + 1, end);
    this.#at = end + 1;
    return quoted;
  }

  #call(name: string): Expression {
    if (!Object.hasOwn(functions, name))
      return this.#fail(`there is no function ${name}; allowed: ${Object.keys(functions).join(', ')}`);
    const definition = functions[name] as FunctionDefinition;
    const parameters: Expression[] = [];
    do {
      this.#at++;
      parameters.push(this.expression());
      this.#space();
    } while (this.source[this.#at] === ',');
    if (this.source[this.#at] !== ')') return this.#fail('expected , or )');
    this.#at++;
    if (parameters.length < definition.least || parameters.length > definition.most)
      return this.#fail(`write ${definition.usage}`);
    const columns = [...new Set(parameters.flatMap((parameter) => parameter.columns))];
    const texts = parameters.map((parameter) =>
      parameter.columns.length === 0 && parameter.calls.length === 0 ? String(parameter.evaluate({}, NOWHERE)) : undefined,
    );
    return {
      columns,
      calls: [{ name, texts, columns }, ...parameters.flatMap((parameter) => parameter.calls)],
      evaluate: (row, scope) => {
        const given = parameters
          .map((parameter) => parameter.evaluate(row, scope))
          .map((value) => (value === undefined ? undefined : String(value)));
        if (given.slice(0, definition.needed).includes(undefined)) return undefined;
        try {
          return definition.call(given, scope);
        } catch (error) {
          throw error instanceof BadValue ? error : new BadValue(columns, (error as Error).message);
        }
      },
    };
  }

  #space(): void {
    while (this.source[this.#at] === ' ') this.#at++;
  }

  #fail(reason: string): never {
    throw new BadExpression(`at character ${this.#at + 1} of "${this.source}": ${reason}`);
  }
}

const NOWHERE: Scope = { mapping: '', tables: {}, isKnown: () => false, lookUp: () => undefined };
const constant = (value: string): Expression => ({ columns: [], calls: [], evaluate: () => value });
