import { parseNamedPort, type NamedPort } from './named-port.js';

/** Somebody who may enter a space, by themselves or by one of their keys. */
export interface AgentPerson {
  /** User id. */
  readonly user: string;
  /** Public keys of SSH, each as `type base64`. */
  readonly keys: readonly string[];
}

/** Who may enter a space, as the leaf tells its agent: one line of JSON whenever something of it has changed. */
export interface AgentAccess {
  /** The secret half of the space's host key: 32 bytes of Ed25519, base64; '' where its start has none. */
  readonly hostKey: string;
  readonly people: readonly AgentPerson[];
  /** The shell that the space asks for, by its name; absent or '': as its image says. */
  readonly shell?: string;
  /** What its template names: offered too, and as the template says it; absent: nothing. */
  readonly ports?: readonly NamedPort[];
}

/** Null for anything else. */
export function parseAgentAccess(line: string): AgentAccess | null {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return null;
    const { hostKey, people, shell, ports = [] }: { readonly [name in keyof AgentAccess]?: unknown } = value;
    if (typeof hostKey !== 'string' || !Array.isArray(people) || !Array.isArray(ports)) return null;
    const named = ports.flatMap((port) => parseNamedPort(port) ?? []);
    return { hostKey, people: people.flatMap(personOf), shell: typeof shell === 'string' ? shell : '', ports: named };
  } catch {
    return null;
  }
}

function personOf(value: unknown): AgentPerson[] {
  if (typeof value !== 'object' || value === null) return [];
  const { user, keys }: { user?: unknown; keys?: unknown } = value;
  if (typeof user !== 'string' || !Array.isArray(keys)) return [];
  return [{ user, keys: keys.filter((key): key is string => typeof key === 'string') }];
}
