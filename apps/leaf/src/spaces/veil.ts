import type { ObservedSpace, SpaceRecord, SpaceSnapshot } from '@knot/domain';

const MASK = '***';
/** A shorter value would blot out half of every sentence, and is no secret. */
const SHORTEST = 4;

/**
 * Blots the secrets of a space out of what is told of it. A backend's refusal quotes what it was handed: whoever may see
 * a space reads that sentence, and not its protected values.
 */
export class Veil {
  readonly #secrets: readonly string[];

  constructor(snapshot: SpaceSnapshot | null) {
    const values = snapshot === null ? [] : secretsOf(snapshot).filter((value) => value.length >= SHORTEST);
    // As a sentence may quote them: plain, or as a JSON or Go string; the longest first, for one may hold another.
    const forms = values.flatMap((value) => [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)]);
    this.#secrets = [...new Set(forms)].sort((a, b) => b.length - a.length);
  }

  text(text: string): string {
    return this.#secrets.reduce((veiled, secret) => veiled.replaceAll(secret, MASK), text);
  }

  observed(observed: ObservedSpace): ObservedSpace {
    if (this.#secrets.length === 0) return observed;
    const veiled = <T extends { readonly message: string }>(one: T): T => ({ ...one, message: this.text(one.message) });
    const { conditions, events, volumes } = observed;
    return {
      ...observed,
      conditions: conditions.map(veiled),
      events: events.map(veiled),
      volumes: volumes.map(veiled),
    };
  }

  record(record: SpaceRecord): SpaceRecord {
    const { stall } = record;
    if (stall === null || this.#secrets.length === 0) return record;
    const trouble = { ...stall.trouble, message: this.text(stall.trouble.message) };
    return { ...record, stall: { ...stall, trouble } };
  }
}

function secretsOf({ data, joinSecret = '', protectedVariables = [] }: SpaceSnapshot): string[] {
  const values = protectedVariables.map((name) => data.var[name] ?? '');
  // A value of several lines comes back line by line.
  return [...values, ...values.flatMap((value) => value.split(/\r?\n/)), data.user.service_password, joinSecret];
}
