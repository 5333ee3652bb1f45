import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { dial, JoinRefused } from './dial.js';
import { Endpoint } from './endpoint.js';
import { offeredPorts } from './ports/offered-ports.js';
import { PortWatch } from './ports/port-watch.js';
import { LogRing } from './logs/log-ring.js';
import { LogSinks } from './logs/log-sinks.js';
import { serveLogs } from './logs/log-streams.js';
import { PortStreams } from './ports/port-streams.js';
import { Memory } from './memory.js';
import { Reports } from './reports.js';
import { StartScripts } from './scripts/start-scripts.js';
import { serveLeaf, type Route, type Routes } from './serve.js';
import { Access } from './ssh/access.js';
import { SshStreams } from './ssh/ssh-streams.js';
import { CodeTunnel } from './tunnel/code-tunnel.js';
import { Terminals } from './terminal/terminals.js';
import type { AgentSettings } from './settings.js';

/** Pauses between attempts, ms; drawn from the whole range, so that a thousand agents do not knock at once. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

const TOLD_MS = 60_000;

export interface AgentOptions {
  readonly settings: AgentSettings;
  readonly version: string;
  readonly log: (sentence: string) => void;
}

/** Keeps one connection to the leaf, for as long as it lives: it never gives up and never ends by what a leaf says. */
export class Agent {
  private readonly instance = randomUUID();
  private readonly memory = new Memory();
  private readonly endpoint: Endpoint;
  private readonly reports: Reports;
  private readonly ports: PortWatch;
  private readonly routes: Routes;
  private readonly terminals: Terminals;
  private readonly ssh: SshStreams;
  private readonly sinks: LogSinks;
  private readonly scripts: StartScripts;
  private readonly tunnel: CodeTunnel;
  private activeAt = 0;
  private credential = '';
  private said = '';

  constructor(private readonly options: AgentOptions) {
    const { settings, version } = options;
    this.endpoint = new Endpoint(settings.endpoint, settings.nameservers, (sentence) => this.say(sentence));
    const [active, changed] = [() => this.active(), () => this.reports.changed()];
    const logs = new LogRing(Date.now);
    this.scripts = new StartScripts(settings.startScripts, logs, changed);
    this.tunnel = new CodeTunnel(settings.space, logs, changed);
    this.reports = new Reports(() => {
      const { activeAt, ports, tunnel, scripts } = this;
      return { version, activeAt, ...{ ports: ports.ports, tunnel: tunnel.address, scripts: scripts.scripts } };
    });
    const access = new Access(() => {
      this.ssh.review();
      this.ports.start();
    });
    const offered = () => offeredPorts(settings.ports, access.ports);
    this.ports = new PortWatch(offered, changed);
    this.terminals = new Terminals(active, () => access.shell);
    const portStreams = new PortStreams(offered, active);
    this.ssh = new SshStreams(access, active);
    this.sinks = new LogSinks(logs, options.log);
    const ofPeople: readonly (readonly [string, Route])[] = [
      ['/terminal', (stream, headers) => this.terminals.serve(stream, headers)],
      ['/terminals', (stream, headers) => this.terminals.list(stream, headers)],
      ['/port', (stream, headers) => portStreams.serve(stream, headers)],
      ['/ssh', (stream, headers) => this.ssh.serve(stream, headers, 'key')],
      ['/run', (stream, headers) => this.ssh.serve(stream, headers, 'ticket')],
      ['/logs', (stream, headers) => serveLogs(logs, stream, headers)],
    ];
    this.routes = new Map<string, Route>([
      ['/report', (stream) => this.reports.follow(stream)],
      ['/access', (stream) => access.follow(stream)],
      ...ofPeople.map(([path, route]) => [path, this.used(route)] as const),
    ]);
  }

  /** Until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    this.ports.start();
    this.sinks.start(this.options.settings.logs);
    const beside = [this.scripts.run(signal), ...(this.options.settings.tunnel ? [this.tunnel.run(signal)] : [])];
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.once(signal);
        failures = 0;
      } catch (error) {
        this.say(sentenceOf(error));
        failures += 1;
      }
      const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
      await sleep(longest * Math.random(), undefined, { signal }).catch(() => undefined);
    }
    this.ports.stop();
    this.sinks.close();
    this.terminals.close();
    this.ssh.close();
    await Promise.all(beside);
  }

  private used(route: Route): Route {
    return (stream, headers) => {
      this.memory.use(stream);
      route(stream, headers);
    };
  }

  /** Somebody does something; told once a minute. */
  private active(): void {
    const now = Date.now();
    if (now - this.activeAt < TOLD_MS) return;
    this.activeAt = now;
    this.reports.changed();
  }

  private async once(signal: AbortSignal): Promise<void> {
    const { settings, version } = this.options;
    const { instance, credential } = this;
    const joined = await dial({ ...settings, targets: await this.endpoint.targets(), version, instance, credential });
    this.credential = joined.credential;
    const end = () => joined.socket.destroy();
    signal.addEventListener('abort', end, { once: true });
    const served = serveLeaf(joined.socket, this.routes);
    this.say('Joined.');
    await served;
    signal.removeEventListener('abort', end);
    this.say('The connection is lost.');
  }

  /** The same sentence is said once. */
  private say(sentence: string): void {
    if (sentence !== this.said) this.options.log(sentence);
    this.said = sentence;
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof JoinRefused) return `Not let in: ${error.answer.message} It is tried again.`;
  return `${error instanceof Error ? error.message : String(error)}. It is tried again.`;
}
