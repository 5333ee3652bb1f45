import type { ConfigValue, DomainServers, Origin } from './config-value.js';
import { requireKey } from './keys/config-keys.js';
import type { ListenAddress } from './listen-address.js';

/** A key's value and where it came from. */
export interface ResolvedValue {
  readonly value: ConfigValue;
  readonly origin: Origin;
}

/** The values by key while they are put together; reading one that the table does not have is a mistake in knot. */
export class ConfigDraft {
  constructor(readonly values: Map<string, ResolvedValue>) {}

  get(path: string): ConfigValue {
    return this.values.get(requireKey(path).path)?.value;
  }

  originOf(path: string): Origin {
    return this.values.get(requireKey(path).path)?.origin ?? { kind: 'default' };
  }

  /** True when a flag, the environment or the file gave it, with more than an empty text. */
  isGiven(path: string): boolean {
    const { kind } = this.originOf(path);
    return kind === 'flag' || kind === 'env' || kind === 'file';
  }

  set(path: string, value: ConfigValue, origin: Origin): void {
    this.values.set(requireKey(path).path, { value, origin });
  }

  /** Changes the form of a value and keeps where it came from. */
  rewrite(path: string, value: ConfigValue): void {
    this.set(path, value, this.originOf(path));
  }

  text(path: string): string | undefined {
    const value = this.get(path);
    return typeof value === 'string' ? value : undefined;
  }

  isOn(path: string): boolean {
    return this.get(path) === true;
  }

  texts(path: string): readonly string[] {
    const value = this.get(path);
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  }

  listen(path: string): ListenAddress | undefined {
    const value = this.get(path);
    return isListenAddress(value) ? value : undefined;
  }

  domains(path: string): DomainServers {
    const value = this.get(path);
    return isDomainServers(value) ? value : {};
  }
}

export function isListenAddress(value: ConfigValue): value is ListenAddress {
  return typeof value === 'object' && 'port' in value && typeof value.port === 'number';
}

function isDomainServers(value: ConfigValue): value is DomainServers {
  return typeof value === 'object' && Object.values(value).every((item) => Array.isArray(item));
}
