import type { Secret } from '../../secrets/secret.js';
import type { ListenAddress } from '../listen-address.js';
import { Allowed, Each, Matching, Port, WholeNumber } from './allowed.js';
import { isDialled } from './tests.js';

/** Without files the server makes a certificate of its own and shows its fingerprint. */
export class TlsConfig {
  /** Follows the scheme of `server.listen` where that has one. */
  useTls!: boolean;
  certFile?: string;
  keyFile?: string;
  agentUseTls!: boolean;
}

export class TerminalConfig {
  webgl!: boolean;
}

export class UiConfig {
  hideSupportLinks!: boolean;
  hideApiTokens!: boolean;
}

export class TotpConfig {
  enabled!: boolean;
  /** Steps of 30 s that a code may be off. */
  @WholeNumber(0, 10, 'steps of 30 s')
  window!: number;
  @Matching('a name without a colon', /^[^:]{1,64}$/)
  issuer!: string;
}

/** With an issuer, people may sign in by an OpenID provider. */
export class OidcConfig {
  issuer?: string;
  clientId?: string;
  clientSecret?: Secret;
  @Matching('1 to 64 characters', /^.{1,64}$/)
  name!: string;
  groupsClaim!: string;
  createUsers!: boolean;
  /** False: passwords of this server let nobody in. */
  passwords!: boolean;
}

export class DnsConfig {
  enabled!: boolean;
  listen?: ListenAddress;
  domain!: string;
  /** Seconds. */
  @WholeNumber(0, 604_800, 'seconds')
  ttl!: number;
}

export class MysqlConfig {
  enabled!: boolean;
  /** May be `srv+name`. */
  @Allowed('a host name, an address or srv+name', isDialled)
  host!: string;
  @Port()
  port!: number;
  user!: string;
  password?: Secret;
  @Matching('a database name of letters, digits, - and _', /^[\w-]{1,64}$/)
  database!: string;
  @WholeNumber(0, 10_000, 'connections')
  connectionMaxIdle!: number;
  @WholeNumber(1, 10_000, 'connections')
  connectionMaxOpen!: number;
  /** Minutes. */
  @WholeNumber(0, 100_000, 'minutes')
  connectionMaxLifetime!: number;
  useTls!: boolean;
  /** What the server's certificate is signed by, beside the system's. */
  caFile?: string;
}

/** `badgerdb` and `sqlite` say the same: the embedded store. Which path counts is `ServerConfig.store`. */
export class EmbeddedStoreConfig {
  enabled!: boolean;
  path?: string;
}

export class RedisConfig {
  enabled!: boolean;
  @Allowed('one or more of host:port or srv+name', (hosts) => Array.isArray(hosts) && hosts.length > 0)
  @Each('a list of host:port or srv+name', isDialled)
  hosts!: readonly string[];
  password?: Secret;
  @WholeNumber(0, 65_535, 'the number of a database')
  db!: number;
  masterName?: string;
  /** Ends with a colon when not empty. */
  keyPrefix?: string;
  useTls!: boolean;
  /** What the servers' certificates are signed by, beside the system's. */
  caFile?: string;
  acceptDataLoss!: boolean;
}

export class MemorydbConfig {
  enabled!: boolean;
}

export class NomadConfig {
  /** What counts is whether there is an address. */
  enabled!: boolean;
  /** None: this location has no Nomad. */
  addr?: string;
  token?: Secret;
  @Matching('the name of a Nomad namespace', /^[A-Za-z0-9-]{1,128}$/)
  namespace!: string;
  region?: string;
  caFile?: string;
  certFile?: string;
  keyFile?: string;
}

export class KubernetesConfig {
  enabled!: boolean;
  kubeconfig?: string;
  context?: string;
  @Matching('the name of a Kubernetes namespace', /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/)
  namespace!: string;
  spaceObjects!: boolean;
}

export class DockerConfig {
  enabled!: boolean;
  host!: string;
}

export class LocalConfig {
  enabled!: boolean;
  /** Folder of the spaces. */
  path!: string;
  /** Who may have such spaces: `admin` or `all`. */
  users!: string;
}
