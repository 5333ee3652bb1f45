import { ServerNames } from '@knot/link/names';
import { KnotError } from '@knot/shared/errors';
import type { AgentSettings } from './settings.js';

export interface AgentTarget {
  readonly host: string;
  readonly port: number;
}

const SRV = 'srv+';

/** Where the leaf meets agents: an address, or the servers behind a name, looked up again for each dial. */
export class Endpoint {
  /** One after the other is asked: name servers that the leaf knows may not be reached from inside a space. */
  private readonly asked: readonly ServerNames[];

  constructor(
    private readonly text: string,
    nameservers: readonly string[],
    say: (sentence: string) => void,
  ) {
    const clock = { monotonic: () => performance.now() };
    const warn = ({ message }: KnotError) => say(`${message}; it is dialled where it was last.`);
    const known = nameservers.length > 0 ? [nameservers, []] : [[]];
    this.asked = known.map((servers) => new ServerNames({ nameservers: servers, domains: {}, clock, warn }));
  }

  /** In the order to try them; never empty. Throws `server.unavailable` or `config.invalid`. */
  async targets(): Promise<readonly AgentTarget[]> {
    if (!this.text.startsWith(SRV)) return [addressOf(this.text)];
    let refusal: unknown;
    for (const names of this.asked) {
      try {
        const targets = await names.targets(this.text.slice(SRV.length));
        return targets.map(({ address, port }) => ({ host: address, port }));
      } catch (error) {
        refusal ??= error;
      }
    }
    throw refusal;
  }
}

function addressOf(endpoint: AgentSettings['endpoint']): AgentTarget {
  const [, host = '', port = ''] = /^(?:\[?)(.*?)(?:\]?):(\d+)$/.exec(endpoint) ?? [];
  if (host === '') throw new KnotError('config.invalid', `${endpoint} is no address of the form host:port.`);
  return { host, port: Number(port) };
}
