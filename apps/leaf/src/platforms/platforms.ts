import type { Authority, Platform, Scope } from '@knot/domain';
import type { Driver, DriverHealth, Policy } from '@knot/drivers';
import { KnotError } from '@knot/shared/errors';

const UNSEEN: DriverHealth = { ready: false, trouble: null, version: '', facts: {} };

/** The drivers of this location, made once its installation is known, and how each is. */
export class Platforms {
  private made: { readonly scope: Scope; readonly drivers: ReadonlyMap<Platform, Driver> } | null = null;
  private readonly healths = new Map<Platform, DriverHealth>();
  private allowed: Pick<Policy, 'drivers' | 'hostVolumes'> = { drivers: [], hostVolumes: [] };

  get known(): boolean {
    return this.made !== null;
  }

  get scope(): Scope {
    if (!this.made) throw new KnotError('internal', 'The installation is not known yet.');
    return this.made.scope;
  }

  get all(): readonly Driver[] {
    return [...(this.made?.drivers.values() ?? [])];
  }

  set(scope: Scope, drivers: readonly Driver[]): void {
    this.made = { scope, drivers: new Map(drivers.map((driver) => [driver.platform, driver])) };
  }

  driver(platform: Platform): Driver | undefined {
    return this.made?.drivers.get(platform);
  }

  health(platform: Platform): DriverHealth {
    return this.healths.get(platform) ?? UNSEEN;
  }

  /** Whether each backend was looked at at least once: before, that none is ready says nothing. */
  get allSeen(): boolean {
    return this.all.every(({ platform }) => this.healths.has(platform));
  }

  /** Answers whether it is ready now and was not before. */
  noteHealth(platform: Platform, health: DriverHealth): { readonly changed: boolean; readonly recovered: boolean } {
    const before = this.healths.get(platform);
    this.healths.set(platform, health);
    const changed = JSON.stringify(before) !== JSON.stringify(health);
    return { changed, recovered: health.ready && before !== undefined && !before.ready };
  }

  /** What templates of this location may ask for, with a version's approved exceptions. */
  policyWith(exceptions: readonly string[]): Policy {
    return { ...this.allowed, exceptions };
  }

  allow(allowed: Pick<Policy, 'drivers' | 'hostVolumes'>): void {
    this.allowed = allowed;
  }
}

/** A backend's name for people, as it stands inside a sentence. */
export function backendLabel(platform: Platform): string {
  switch (platform) {
    case 'nomad':
      return 'Nomad';
    case 'kubernetes':
      return 'Kubernetes';
    case 'docker':
      return 'Docker';
    case 'local':
      return 'this machine';
    case 'manual':
      return 'the machine';
  }
}

export type AuthorityOf = (platform: Platform) => Authority;
