import { ValidateNested } from 'class-validator';
import type { Secret } from '../../secrets/secret.js';
import type { ListenAddress } from '../listen-address.js';
import { Allowed, Each, Matching, WholeNumber } from './allowed.js';
import {
  DnsConfig,
  DockerConfig,
  EmbeddedStoreConfig,
  KubernetesConfig,
  LocalConfig,
  MemorydbConfig,
  MysqlConfig,
  NomadConfig,
  OidcConfig,
  RedisConfig,
  TerminalConfig,
  TlsConfig,
  TotpConfig,
  UiConfig,
} from './server-parts.js';
import {
  SHORTEST_KEY,
  areLongSecrets,
  isDialled,
  isIpRange,
  isLongSecret,
  isProxyTarget,
  isTimeZone,
} from './tests.js';

/** `leaf`: follows `originServer`. `origin`: accepts leaves. `standalone`: an origin without any but its own location. */
export type ServerMode = 'standalone' | 'origin' | 'leaf';

/** Where the server keeps its data. */
export interface StoreChoice {
  readonly kind: 'sqlite' | 'redis' | 'mysql';
  /** Folder of the embedded store. */
  readonly path: string;
}

const KEY_LENGTH = `${SHORTEST_KEY} characters or more; \`knot genkey\` makes one`;

/** The `server` section, with what follows from it. */
export class ServerConfig {
  /** Derived: from `originServer` and `sharedToken`. */
  mode!: ServerMode;
  /** Derived: from the stores switched on, else under `dataPath`. */
  store!: StoreChoice;

  listen!: ListenAddress;
  /** What users reach this server at, without a slash at its end. */
  url!: string;
  /** Where users reach this leaf themselves; by its origin only where it is not set. */
  directUrl?: string;
  /** Where other origins on the same store reach this one. */
  internalUrl!: string;
  listenAgent?: ListenAddress;
  @Allowed('host:port or srv+name', isDialled)
  agentEndpoint?: string;
  listenTunnel?: ListenAddress;
  @Matching(
    'a domain name, with or without *. before it',
    /^(\*?\.)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?$/,
  )
  tunnelDomain?: string;
  /** Begins with `*.`, lower case, may end with a port. */
  @Matching('*. and a domain name, as *.example.com', /^\*\.[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/)
  wildcardDomain?: string;
  /** Where apps are paths of one host, which is not that of `url`; without a slash at its end. */
  appsUrl?: string;
  @Matching('up to 64 letters, digits, - _ and .', /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
  location!: string;
  /** `https://host:port`, or `srv+https://name` for a name with SRV records. */
  originServer?: string;
  /** At an origin any of them enrols; a leaf shows the first. Empty: no cluster. */
  sharedToken!: readonly Secret[];
  enableLeafApiTokens!: boolean;
  originCaFile?: string;
  /** SHA-256, 64 lower-case hexadecimal digits. */
  @Matching('a SHA-256 of 64 hexadecimal digits, with or without colons', /^[0-9a-f]{64}$/)
  originFingerprint?: string;
  /** Of a leaf, which has nobody to sign in. */
  metricsToken?: Secret;
  standby!: boolean;
  allowPlaintext!: boolean;
  @Each('a list of addresses or networks, as 10.0.0.0/8', isIpRange)
  trustedProxies!: readonly string[];
  /** All that the server keeps: embedded stores, keys, certificates. */
  dataPath!: string;
  @Allowed(KEY_LENGTH, isLongSecret)
  encrypt?: Secret;
  @Allowed(`each ${KEY_LENGTH}`, areLongSecrets)
  encryptKeys!: readonly Secret[];
  @Allowed('an IANA time zone, as Europe/Berlin', isTimeZone)
  timezone!: string;
  /** Always the opposite of `enableProxy`. */
  disableProxy!: boolean;
  enableProxy!: boolean;
  /** `host:port` each: a name, `*.` and a name, an address or a network, and a port or `*`. Empty: nothing. */
  @Each('a list of host:port, as db.internal:5432, *.service.consul:* or 10.1.0.0/16:5432', isProxyTarget)
  proxyAllow!: readonly string[];
  disableSpaceCreate!: boolean;
  /** Days; 0 keeps none. */
  @WholeNumber(0, 36_500, 'days')
  auditRetention!: number;
  /** Days without `knot admin backup` after which the health page warns; 0: it never does. */
  @WholeNumber(0, 36_500, 'days')
  backupMaxAge!: number;
  downloadPath?: string;
  htmlPath?: string;
  templatePath?: string;
  agentPath?: string;

  @ValidateNested() terminal!: TerminalConfig;
  @ValidateNested() ui!: UiConfig;
  @ValidateNested() totp!: TotpConfig;
  @ValidateNested() oidc!: OidcConfig;
  @ValidateNested() dns!: DnsConfig;
  @ValidateNested() tls!: TlsConfig;
  @ValidateNested() mysql!: MysqlConfig;
  @ValidateNested() badgerdb!: EmbeddedStoreConfig;
  @ValidateNested() sqlite!: EmbeddedStoreConfig;
  @ValidateNested() redis!: RedisConfig;
  @ValidateNested() memorydb!: MemorydbConfig;
  @ValidateNested() nomad!: NomadConfig;
  @ValidateNested() kubernetes!: KubernetesConfig;
  @ValidateNested() docker!: DockerConfig;
  @ValidateNested() local!: LocalConfig;
}
