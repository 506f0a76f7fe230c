export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Samples of the text format of Prometheus, with the help and the type of each series. */
export function samplesIn(text: string): {
  readonly samples: readonly Sample[];
  readonly help: ReadonlyMap<string, string>;
  readonly types: ReadonlyMap<string, string>;
} {
  const samples: Sample[] = [];
  const help = new Map<string, string>();
  const types = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, word, about = '', says = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? [];
    if (word === 'HELP') help.set(about, says);
    else if (word === 'TYPE') types.set(about, says);
    else {
      const [, name, inner = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      if (name !== undefined)
        samples.push({ name, labels: labelsIn(inner), value: Number(String(value).replace('Inf', 'Infinity')) });
    }
  }
  return { samples, help, types };
}

const labelsIn = (text: string) =>
  Object.fromEntries([...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => [name, value]));

/**
 * What an expression of the alert rules gives on scrapes, oldest first. It knows the part of PromQL that the rules use: one
 * comparison; on its left a series with labels, a quotient of two series, `time() - series`, or `increase(series[…])` over
 * all scrapes. Throws on anything else, so that no rule passes unread.
 */
export function evaluate(expression: string, scrapes: readonly (readonly Sample[])[], now: number): readonly Sample[] {
  const [, left = '', operator = '', bound = ''] = /^(.+?) (==|<|>) (\d+(?:\.\d+)?)$/.exec(expression.trim()) ?? [];
  if (operator === '') throw new Error(`This is no comparison with a number: ${expression}`);
  const latest = scrapes.at(-1) ?? [];
  const found = valuesOf(left.trim(), scrapes, latest, now);
  return found.filter(({ value }) =>
    operator === '==' ? value === Number(bound) : operator === '<' ? value < Number(bound) : value > Number(bound),
  );
}

function valuesOf(
  left: string,
  scrapes: readonly (readonly Sample[])[],
  latest: readonly Sample[],
  now: number,
): readonly Sample[] {
  const increase = /^increase\((\w+)\[\w+\]\)$/.exec(left)?.[1];
  if (increase !== undefined) {
    const first = named(increase, scrapes[0] ?? [])[0]?.value ?? 0;
    return named(increase, latest).map((sample) => ({ ...sample, value: sample.value - first }));
  }
  const since = /^time\(\) - (\w+)$/.exec(left)?.[1];
  if (since !== undefined) return named(since, latest).map((sample) => ({ ...sample, value: now - sample.value }));
  const [, part, whole] = /^(\w+) \/ (\w+)$/.exec(left) ?? [];
  if (part !== undefined && whole !== undefined)
    return named(part, latest).map((sample) => ({
      ...sample,
      value: sample.value / (named(whole, latest)[0]?.value ?? Number.NaN),
    }));
  const [, name, labels = ''] = /^(\w+)(?:\{(.*)\})?$/.exec(left) ?? [];
  if (name === undefined) throw new Error(`The evaluator does not know this: ${left}`);
  const wanted = Object.entries(labelsIn(labels));
  return named(name, latest).filter((sample) => wanted.every(([label, value]) => sample.labels[label] === value));
}

function named(name: string, samples: readonly Sample[]): readonly Sample[] {
  return samples.filter((sample) => sample.name === name);
}
