/** A span that is under way. */
export interface OpenSpan {
  /** W3C trace context of the span: the parent of what happens in it. */
  readonly traceparent: string;
  end(result?: { readonly attributes?: Readonly<Record<string, string | number>>; readonly failed?: boolean }): void;
}

export interface SpanOptions {
  readonly kind: 'server' | 'internal' | 'producer';
  /** W3C trace context; a malformed one begins a new trace, as the recommendation asks. */
  readonly parent?: string | undefined;
  readonly attributes?: Readonly<Record<string, string | number>>;
  /** Milliseconds since 1970; now if left out. */
  readonly startedAt?: number;
}

/** Where spans go. Nothing personal is in a name or an attribute. */
export interface Tracing {
  begin(name: string, options: SpanOptions): OpenSpan;
  /** Sends what is left, bounded. */
  close(): Promise<void>;
}

/** Whether somebody records the trace: the last digit of the flags. */
export const isSampled = (traceparent: string | undefined): traceparent is string =>
  traceparent !== undefined && /-[0-9a-f][13579bdf]$/.test(traceparent);

/** The trace context that a fact or a CloudEvent carries, by its JSON. */
export function traceparentIn(json: string): string | undefined {
  if (!json.includes('"traceparent"')) return undefined;
  try {
    const { traceparent } = JSON.parse(json) as { traceparent?: unknown };
    return typeof traceparent === 'string' ? traceparent : undefined;
  } catch {
    return undefined;
  }
}
