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
  /** By labels, as written. */
  readonly #querySeconds = new Map<string, Durations>();
  readonly #unknown: Counter;
  readonly #refreshers: readonly (() => Promise<void>)[];

  constructor(annals: Annals) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#tallied('annals_http_requests_total', 'Requests answered, by route and HTTP status.', 'route', this.#requests);
    this.#tallied('annals_commands_total', 'Commands answered, by name and HTTP status.', 'command', this.#commands);
    this.#unknown = new Counter({
      name: 'annals_commands_outcome_unknown_total',
      help: 'Commands answered 503 because it could not be told whether their facts were written.',
      registers,
    });
    this.#refreshers = [this.#readers(annals), this.#vitals(annals)];
  }

  request(route: string, status: number): void {
    this.#requests.add(route, status);
  }

  /** @param code of the problem, where it was answered with one */
  command(command: string, status: number, seconds: number, code?: string): void {
    this.#commands.add(command, status);
    if (code === 'outcome-unknown') this.#unknown.inc();
    added(this.#seconds, `command="${command}"`, seconds);
  }

  query(view: string, kind: QueryKind, seconds: number): void {
    added(this.#querySeconds, `view="${view}",kind="${kind}"`, seconds);
  }

  async text(): Promise<string> {
    // before any series is written down: a gauge that another one sets while it is collected would be of the scrape before
    await Promise.all(this.#refreshers.map((refresh) => refresh()));
    const commands = histogram(
      'annals_command_duration_seconds',
      'Seconds from a command being read to its answer, its facts being on disk.',
      this.#seconds,
    );
    const queries = histogram(
      'annals_query_duration_seconds',
      'Seconds from a query being read to its answer, by view and by what was asked for; refused ones too.',
      this.#querySeconds,
    );
    return `${await this.#registry.metrics()}\n${commands}${queries}`;
  }

  close(): void {
    this.#registry.clear();
  }

  #gauge(name: string, help: string, labelNames: string[] = []): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.#registry] });
  }

  #readers(annals: Annals): () => Promise<void> {
    const labels = ['reader', 'kind'];
    const ready = this.#gauge('annals_ready', '1 when the server takes commands; readers that stand still are counted apart.');
    const lagFacts = this.#gauge('annals_reader_lag_facts', 'Facts between a reader and the head of the log.', labels);
    const lagSeconds = this.#gauge('annals_reader_lag_seconds', 'Seconds for which a reader has been behind.', labels);
    const parked = this.#gauge('annals_reader_parked_facts', 'Facts that a reader could not take and parked.', labels);
    const stalled = this.#gauge('annals_reader_stalled', '1 when the head of the log moved and the reader did not.', labels);
    const streams = this.#gauge('annals_process_parked_streams', 'Streams of which a process could not take a fact.');
    const webhooks = this.#gauge('annals_parked_webhooks', 'Webhooks that deliver nothing until somebody looks at them.');
    const failing = this.#gauge('annals_failing_webhooks', 'Webhooks whose receiver did not take the fact that is next.');
    const aside = this.#gauge('annals_webhook_aside_streams', 'Streams of which webhooks try on to deliver a fact.');
    const waiting = this.#gauge('annals_webhook_parked_streams', 'Streams of which webhooks could not deliver a fact.');
    const stopped = this.#gauge(
      'annals_process_stopped_runs',
      'Runs of a process that a refused command stopped, over all tenants; by the server that runs the processes.',
      ['process'],
    );
    return async () => {
      stopped.reset();
      for (const [process, runs] of annals.processes.stopped() ?? []) stopped.set({ process }, runs);
      for (const series of [lagFacts, lagSeconds, parked, stalled]) series.reset();
      streams.set(annals.processes.parked().length);
      // a log that does not answer is a state to report, not a reason to report nothing
      const health = await annals.health().catch(() => ({ ready: false, readers: [], webhooks: undefined }));
      ready.set(health.ready ? 1 : 0);
      webhooks.set(health.webhooks?.parked ?? 0);
      failing.set(health.webhooks?.failing ?? 0);
      aside.set(health.webhooks?.streamsAside ?? 0);
      waiting.set(health.webhooks?.streamsParked ?? 0);
      for (const { name, kind, ...state } of health.readers) {
        const reader = { reader: name, kind };
        lagFacts.set(reader, state.lagFacts);
        lagSeconds.set(reader, state.lagSeconds);
        parked.set(reader, state.parked);
        stalled.set(reader, state.stalled ? 1 : 0);
      }
    };
  }

  /** What lies around the readers; 0 where there was no backup yet. */
  #vitals(annals: Annals): () => Promise<void> {
    const info = this.#gauge('annals_build_info', '1, with the version of this server as a label.', ['version']);
    const free = this.#gauge('annals_disk_free_bytes', 'Bytes free for this server where its data folder lies.');
    const size = this.#gauge('annals_disk_size_bytes', 'Size of the file system of the data folder, in bytes.');
    let backup: Gauge | undefined;
    const backups = () =>
      this.#gauge(
        'annals_backup_timestamp_seconds',
        'When the last backup through this server ended, in seconds since 1970; 0 for never. Missing where other tools take backups.',
      );
    const reachable = this.#gauge('annals_engine_reachable', '1 when a store (log, views, keys) answers.', ['engine']);
    const changed = this.#gauge(
      'annals_history_changed',
      '1 once this server found that the log no longer holds what was recorded; 0 until then.',
    );
    return async () => {
      changed.set(annals.history.hasChanged ? 1 : 0);
      const { version, disk, lastBackupAt, backsUp, engines } = await annals.vitals();
      info.set({ version }, 1);
      if (disk) {
        free.set(disk.freeBytes);
        size.set(disk.sizeBytes);
      }
      if (backsUp) {
        backup ??= backups();
        backup.set(lastBackupAt === undefined ? 0 : Date.parse(lastBackupAt) / 1000);
      }
      for (const { engine, reachable: answers } of engines) reachable.set({ engine }, answers ? 1 : 0);
    };
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
}

/** One document, a list of them, or totals of groups. */
export type QueryKind = 'document' | 'list' | 'totals';

function added(series: Map<string, Durations>, labels: string, seconds: number): void {
  let durations = series.get(labels);
  if (!durations) {
    durations = new Durations();
    series.set(labels, durations);
  }
  durations.add(seconds);
}

/** A histogram in the text format; prom-client has no way to take one that was counted elsewhere. */
function histogram(name: string, help: string, series: ReadonlyMap<string, Durations>): string {
  const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`];
  for (const [labels, { counts, sum }] of series) {
    let count = 0;
    for (const [index, bound] of [...BOUNDS, '+Inf'].entries()) {
      count += counts[index] ?? 0;
      lines.push(`${name}_bucket{le="${bound}",${labels}} ${count}`);
    }
    lines.push(`${name}_sum{${labels}} ${sum}`, `${name}_count{${labels}} ${count}`);
  }
  return `${lines.join('\n')}\n`;
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
