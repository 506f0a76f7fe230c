import { SourceRefused } from '../errors.js';
import type { FactEvent, TopicName } from '../event.js';
import { pause, pauseBefore, type Reader, type Source } from '../source.js';

export interface HttpSourceOptions {
  /** Address of the server, without a slash at the end. */
  readonly url: string;
  /** A token with the role `consumer`. */
  readonly token: string;
  readonly topics: readonly TopicName[];
}

const EVENTS_A_PAGE = 500;
/** The server says something every 15 seconds; milliseconds. */
const SILENCE = 45_000;
const ANSWER_WITHIN = 30_000;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;
/** What went on for so long was no vain attempt; milliseconds. */
const LASTED = 10_000;

/**
 * Reads topics over HTTP: page by page up to the head, then server-sent events as facts come. How far it is, it keeps in the inbox, in
 * the transaction of each event.
 */
export function httpSource({ url, token, topics }: HttpSourceOptions): Source {
  return {
    async read(reader, signal) {
      const ended = new AbortController();
      const until = AbortSignal.any([signal, ended.signal]);
      try {
        await Promise.all(topics.map((topic) => new Topic(url, token, topic, reader, until).read()));
      } finally {
        ended.abort();
      }
    },
  };
}

interface Page {
  readonly events: readonly FactEvent[];
  readonly position: string;
  readonly atHead: boolean;
}

class Topic {
  #after: string | undefined;

  constructor(
    private readonly url: string,
    private readonly token: string,
    private readonly topic: TopicName,
    private readonly reader: Reader,
    private readonly signal: AbortSignal,
  ) {}

  /** A stream may end at any time, and then often for many readers at once: nobody comes back without a pause. */
  async read(): Promise<void> {
    for (let attempt = 1; !this.signal.aborted; attempt++) {
      const began = performance.now();
      try {
        this.#after = await this.reader.position(this.topic);
        await this.#upToHead();
        await this.#asTheyCome();
      } catch (error) {
        if (this.signal.aborted) return;
        if (error instanceof SourceRefused) throw error;
        this.reader.failed(error);
      }
      if (performance.now() - began > LASTED) attempt = 1;
      await pause(pauseBefore(attempt, FIRST_PAUSE, LONGEST_PAUSE), this.signal);
    }
  }

  async #upToHead(): Promise<void> {
    for (let atHead = false; !atHead && !this.signal.aborted; ) {
      const response = await this.#get(`limit=${EVENTS_A_PAGE}`, AbortSignal.timeout(ANSWER_WITHIN));
      const page = (await response.json()) as Page;
      if (!(await this.#handle(page.events))) return;
      this.#after = page.position;
      atHead = page.atHead;
    }
  }

  async #asTheyCome(): Promise<void> {
    const quiet = new AbortController();
    const response = await this.#get('', quiet.signal, 'text/event-stream');
    if (!response.body) return;
    let timer = setTimeout(() => quiet.abort(), SILENCE);
    try {
      let text = '';
      for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
        clearTimeout(timer);
        text += part;
        const end = text.lastIndexOf('\n\n');
        if (end >= 0) {
          if (!(await this.#handle(eventsIn(text.slice(0, end))))) return;
          text = text.slice(end + 2);
        }
        timer = setTimeout(() => quiet.abort(), SILENCE);
      }
    } finally {
      clearTimeout(timer);
      quiet.abort();
    }
  }

  async #handle(events: readonly FactEvent[]): Promise<boolean> {
    return events.length === 0 || this.reader.handle({ events, remember: this.topic });
  }

  async #get(query: string, within: AbortSignal, accept = 'application/json'): Promise<Response> {
    const after = this.#after === undefined ? '' : `&after=${this.#after}`;
    const response = await fetch(`${this.url}/v1/topics/${this.topic}?${query}${after}`, {
      headers: { authorization: `Bearer ${this.token}`, accept },
      signal: AbortSignal.any([this.signal, within]),
    });
    if (response.ok) return response;
    const says = `Reading the topic ${this.topic} was answered ${response.status}: ${(await response.text()).slice(0, 300)}`;
    const passes = response.status >= 500 || response.status === 408 || response.status === 429;
    throw passes ? new Error(says) : new SourceRefused(says);
  }
}

/** Whole server-sent events; comments are heartbeats. */
export function eventsIn(text: string): readonly FactEvent[] {
  return text
    .split('\n\n')
    .map((block) => block.split('\n').flatMap((line) => (line.startsWith('data:') ? [line.slice(5).trimStart()] : [])))
    .filter((lines) => lines.length > 0)
    .map((lines) => JSON.parse(lines.join('\n')) as FactEvent);
}
