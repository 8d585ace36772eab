import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What the parts of the server report; each name is one that dashboards rely on. */
export interface Metrics {
  readonly registry: Registry;
  httpAnswered(method: string, route: string, status: number, seconds: number): void;
  inbound(channel: string, outcome: string, seconds: number | undefined): void;
  outbound(channel: string, outcome: string): void;
  databaseQuery(): void;
  error(): void;
  /** A call was refused by this limit. */
  limited(limiter: string): void;
  /** A call was let through because its limit could not be counted. */
  uncounted(): void;
  limitShare(share: number): void;
  /** Figures that are read when somebody asks; a reader that fails leaves its figure out. */
  sockets(count: () => number): void;
  queueAges(read: () => Promise<{ lane: string; seconds: number }[]>): void;
  acceptedNotShown(read: () => Promise<number>): void;
}

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** A registry of its own per server, so that several can live in one test process. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'HTTP requests answered.',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer an HTTP request.',
    labelNames: ['method', 'route'],
    buckets: seconds,
    registers,
  });
  const queries = new Counter({ name: 'database_queries_total', help: 'Statements sent to PostgreSQL.', registers });
  const errors = new Counter({ name: 'errors_total', help: 'Faults of ours: answers of 500 and failures outside of requests.', registers });
  const inbound = new Counter({
    name: 'guichet_inbound_events_total',
    help: 'Inbound events by what became of them.',
    labelNames: ['channel', 'outcome'],
    registers,
  });
  const inboundSeconds = new Histogram({
    name: 'guichet_inbound_duration_seconds',
    help: 'Receipt of an inbound event to its commit.',
    labelNames: ['channel'],
    buckets: seconds,
    registers,
  });
  const outbound = new Counter({
    name: 'guichet_outbound_deliveries_total',
    help: 'Attempts to hand a message to a provider.',
    labelNames: ['channel', 'outcome'],
    registers,
  });
  const limited = new Counter({
    name: 'guichet_limited_total',
    help: 'Calls refused because a limit was used up.',
    labelNames: ['limiter'],
    registers,
  });
  const uncounted = new Counter({
    name: 'guichet_limits_uncounted_total',
    help: 'Calls let through because their limit could not be counted.',
    registers,
  });
  const share = new Gauge({
    name: 'guichet_limits_share',
    help: "Share of the API keys' limits that is given under the present load: 1 is all of it.",
    registers,
  });
  share.set(1);

  return {
    registry,
    httpAnswered(method, route, status, took) {
      requests.inc({ method, route, status });
      durations.observe({ method, route }, took);
    },
    inbound(channel, outcome, took) {
      inbound.inc({ channel, outcome });
      if (took !== undefined) inboundSeconds.observe({ channel }, took);
    },
    outbound: (channel, outcome) => outbound.inc({ channel, outcome }),
    databaseQuery: () => queries.inc(),
    error: () => errors.inc(),
    limited: (limiter) => limited.inc({ limiter }),
    uncounted: () => uncounted.inc(),
    limitShare: (given) => share.set(given),
    sockets(count) {
      new Gauge({
        name: 'websocket_connections_active',
        help: 'Open sockets.',
        registers,
        collect() {
          this.set(count());
        },
      });
    },
    queueAges(read) {
      new Gauge({
        name: 'guichet_queue_oldest_seconds',
        help: 'Age of the oldest job that is due, by lane.',
        labelNames: ['lane'],
        registers,
        async collect() {
          this.reset();
          for (const { lane, seconds: age } of await read().catch(() => [])) this.set({ lane }, age);
        },
      });
    },
    acceptedNotShown(read) {
      new Gauge({
        name: 'guichet_accepted_not_shown',
        help: 'Inbound messages that were acknowledged and cannot be found in a conversation: must be 0.',
        registers,
        async collect() {
          this.reset();
          const count = await read().catch(() => undefined);
          if (count !== undefined) this.set(count);
          else this.remove();
        },
      });
    },
  };
}
