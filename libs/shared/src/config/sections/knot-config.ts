import { ValidateNested } from 'class-validator';
import type { LogLevel } from '../../logging/logger.js';
import type { Secret } from '../../secrets/secret.js';
import type { DomainServers } from '../config-value.js';
import { AgentConfig } from './agent-config.js';
import { Allowed, Each } from './allowed.js';
import { ServerConfig } from './server-config.js';
import { areServersBySuffix, isHostPort } from './tests.js';

export class LogConfig {
  level!: LogLevel;
}

export class ResolverConfig {
  /** `host:port` each; empty: the system's. */
  @Each('a list of host or host:port', isHostPort)
  nameservers!: readonly string[];
  /** Name servers (`host:port`) by suffix; `resolver.consul` is in it as `consul`. */
  @Allowed('a map of suffix to a list of host or host:port', areServersBySuffix)
  domains!: DomainServers;
}

/** The `client` section: the command line as a client of a server. */
export class ClientConfig {
  server?: string;
  token?: Secret;
}

/** All of knot.yaml after flags, environment and defaults: typed, checked, paths absolute. */
export class KnotConfig {
  /** The file in use, absolute; absent when there is none. */
  file?: string;
  legacy!: boolean;
  /** Never reaches agents, leaves or enrolment. */
  tlsSkipVerify!: boolean;

  @ValidateNested() log!: LogConfig;
  @ValidateNested() resolver!: ResolverConfig;
  @ValidateNested() server!: ServerConfig;
  @ValidateNested() agent!: AgentConfig;
  @ValidateNested() client!: ClientConfig;
}
