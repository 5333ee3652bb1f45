import { ValidateNested } from 'class-validator';
import type { Secret } from '../../secrets/secret.js';
import type { ListenAddress } from '../listen-address.js';
import { Allowed, Each, Matching, Port, WholeNumber } from './allowed.js';
import { isDialled } from './tests.js';

const LABELLED_PORT = /^\d{1,5}(=.+)?$/;
const LABELLED_PORTS = 'a list of port or port=label, as 80=Web';

function isLabelledPort(text: string): boolean {
  return LABELLED_PORT.test(text) && Number.parseInt(text, 10) <= 65_535;
}

export class AgentPortConfig {
  @Port() codeServer!: number;
  @Port() ssh!: number;
  @Each(LABELLED_PORTS, isLabelledPort) tcpPort!: readonly string[];
  @Each(LABELLED_PORTS, isLabelledPort) httpPort!: readonly string[];
  @Each(LABELLED_PORTS, isLabelledPort) httpsPort!: readonly string[];
  @Port() vncHttp!: number;
}

export class AgentTlsConfig {
  useTls!: boolean;
  certFile?: string;
  keyFile?: string;
}

export class AgentDnsConfig {
  listen?: ListenAddress;
  /** Seconds. */
  @WholeNumber(0, 604_800, 'seconds')
  refreshMaxAge!: number;
}

/** The `agent` section: for the program inside a space. */
export class AgentConfig {
  @Allowed('host:port or srv+name', isDialled)
  endpoint?: string;
  @Matching('the id of a space, a uuid', /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/)
  spaceId?: string;
  updateAuthorizedKeys!: boolean;
  servicePassword?: Secret;
  /** Empty: none. */
  vscodeTunnel!: string;
  advertiseAddr?: string;
  @Port() syslogPort!: number;
  @Port() apiPort!: number;

  @ValidateNested() port!: AgentPortConfig;
  @ValidateNested() tls!: AgentTlsConfig;
  @ValidateNested() dns!: AgentDnsConfig;
}
