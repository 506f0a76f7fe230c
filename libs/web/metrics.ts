import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Annals } from '#runtime/annals';

const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10] as const;

/** What `/metrics` shows. No label names a tenant, a person or anything that a caller chose. */
export class Metrics {
  readonly #registry = new Registry();
  /** Counted in plain maps, for prom-client hashes its labels at each step; it gets the sums when it is asked. */
  readonly #requests = new Tally();
  readonly #commands = new Tally();
  readonly #seconds = new Map<string, Durations>();

  constructor(annals: Annals) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#tallied('annals_http_requests_total', 'Requests answered, by route and HTTP status.', 'route', this.#requests);
    this.#tallied('annals_commands_total', 'Commands answered, by name and HTTP status.', 'command', this.#commands);
    const reader = ['reader', 'kind'] as const;
    const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames: reader, registers });
    const lagFacts = gauge('annals_reader_lag_facts', 'Facts between a reader and the head of the log.');
    const lagSeconds = gauge('annals_reader_lag_seconds', 'Seconds for which a reader has been behind.');
    const parked = gauge('annals_reader_parked_facts', 'Facts that a reader could not take and parked.');
    const stalled = gauge('annals_reader_stalled', '1 when the head of the log moved and the reader did not.');
    new Gauge({
      name: 'annals_ready',
      help: '1 when the server takes work and its readers keep up.',
      registers,
      async collect() {
        const { ready, readers } = await annals.health();
        this.set(ready ? 1 : 0);
        for (const { name, kind, ...state } of readers) {
          lagFacts.set({ reader: name, kind }, state.lagFacts);
          lagSeconds.set({ reader: name, kind }, state.lagSeconds);
          parked.set({ reader: name, kind }, state.parked);
          stalled.set({ reader: name, kind }, state.stalled ? 1 : 0);
        }
      },
    });
  }

  request(route: string, status: number): void {
    this.#requests.add(route, status);
  }

  command(command: string, status: number, seconds: number): void {
    this.#commands.add(command, status);
    let durations = this.#seconds.get(command);
    if (!durations) {
      durations = new Durations();
      this.#seconds.set(command, durations);
    }
    durations.add(seconds);
  }

  async text(): Promise<string> {
    return `${await this.#registry.metrics()}\n${this.#durationsText()}`;
  }

  close(): void {
    this.#registry.clear();
  }

  #tallied(name: string, help: string, label: string, tally: Tally): void {
    new Counter({
      name,
      help,
      labelNames: [label, 'status'],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [value, status, count] of tally.entries()) this.inc({ [label]: value, status }, count);
      },
    });
  }

  /** A histogram in the text format; prom-client has no way to take one that was counted elsewhere. */
  #durationsText(): string {
    const name = 'annals_command_duration_seconds';
    const lines = [
      `# HELP ${name} Seconds from a command being read to its answer, its facts being on disk.`,
      `# TYPE ${name} histogram`,
    ];
    for (const [command, { counts, sum }] of this.#seconds) {
      let count = 0;
      for (const [index, bound] of [...BOUNDS, '+Inf'].entries()) {
        count += counts[index] ?? 0;
        lines.push(`${name}_bucket{le="${bound}",command="${command}"} ${count}`);
      }
      lines.push(`${name}_sum{command="${command}"} ${sum}`, `${name}_count{command="${command}"} ${count}`);
    }
    return `${lines.join('\n')}\n`;
  }
}

class Tally {
  readonly #counts = new Map<string, Map<number, number>>();

  add(value: string, status: number): void {
    let byStatus = this.#counts.get(value);
    if (!byStatus) {
      byStatus = new Map();
      this.#counts.set(value, byStatus);
    }
    byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
  }

  *entries(): Generator<readonly [string, number, number]> {
    for (const [value, byStatus] of this.#counts) for (const [status, count] of byStatus) yield [value, status, count];
  }
}

class Durations {
  readonly counts: number[] = Array.from({ length: BOUNDS.length + 1 }, () => 0);
  sum = 0;

  add(seconds: number): void {
    let bucket = 0;
    while (bucket < BOUNDS.length && seconds > (BOUNDS[bucket] as number)) bucket++;
    this.counts[bucket] = (this.counts[bucket] as number) + 1;
    this.sum += seconds;
  }
}
