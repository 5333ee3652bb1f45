import type { Clock } from '@knot/shared';
import type { Store } from '@knot/shared/store';
import type { LocationStates } from '../locations/location-states.js';
import type { OriginSettings } from '../origin-settings.js';
import { suspendedSince } from '../restore/suspension.js';
import { certificateCheck, shownCertificate, type ShownCertificate } from './checks/certificate-check.js';
import { CHECK_CODES, documentationOf, type Check } from './checks/check.js';
import { configChecks } from './checks/config-checks.js';
import { locationChecks } from './checks/location-checks.js';
import { dataLossChecks, restoreCheck, storeChecks } from './checks/store-checks.js';
import type { FindingDto, HealthDetailsDto, HealthDto, VersionDto } from './health.dto.js';

/** Of the REST API; raised when a client of the old one would break. */
export const API_VERSION = '1';
const DEADLINE_MS = 3_000;

export interface HealthPorts {
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  readonly settings: OriginSettings;
  readonly states: LocationStates;
  readonly programVersion: string;
}

export class HealthCheck {
  private readonly startedAt: number;
  private certificate: ShownCertificate | null = null;

  constructor(private readonly ports: HealthPorts) {
    this.startedAt = ports.clock.now();
  }

  /** What the listener shows (PEM), once there is one; `own`: made by the server itself. */
  showsCertificate(pem: string, own: boolean): void {
    this.certificate = shownCertificate(pem, own);
  }

  async ready(): Promise<HealthDto> {
    return { status: (await this.storeClocks()) === null ? 'failing' : 'ok' };
  }

  async details(): Promise<HealthDetailsDto> {
    const { store, programVersion } = this.ports;
    const clocks = await this.storeClocks();
    const [installation, head, stored] =
      clocks === null
        ? [null, null, []]
        : await Promise.all([store.get('installation', 'installation'), store.head('events'), this.storedChecks()]);
    const checks = [...storeChecks(clocks), ...this.plainChecks(), ...stored].sort(inOrder);
    return {
      status: clocks === null ? 'failing' : 'ok',
      version: programVersion,
      installation: installation?.uuid ?? '',
      epoch: head?.epoch ?? '',
      startedAt: this.startedAt,
      findings: checks.flatMap(findingOf),
      checks: checks.map((check) => ({ ...check, documentation: documentationOf(check.code) })),
    };
  }

  version(): VersionDto {
    return { version: this.ports.programVersion, api: API_VERSION };
  }

  /** Those that ask nobody. */
  private plainChecks(): readonly Check[] {
    const { settings, clock } = this.ports;
    const certificate = this.certificate === null ? [] : [certificateCheck(this.certificate, clock.now())];
    return [...dataLossChecks(settings.storeFindings), ...configChecks(settings.checked), ...certificate];
  }

  /** Those that read the store. */
  private async storedChecks(): Promise<readonly Check[]> {
    const { store, states, programVersion } = this.ports;
    const [restoredAt, locations] = await Promise.all([suspendedSince(store), states.all()]);
    const checked = locations.map(({ row, lease, status, live }) => ({
      name: row.id,
      joined: lease !== null,
      live,
      leafVersion: status?.leafVersion ?? '',
      platforms: status?.platforms ?? [],
    }));
    return [restoreCheck(restoredAt), ...locationChecks(checked, programVersion)];
  }

  /** Null when it does not answer in time. */
  private async storeClocks(): Promise<{ readonly asked: number; readonly told: number } | null> {
    const { store, clock } = this.ports;
    const { promise: late, resolve } = Promise.withResolvers<null>();
    const timer = setTimeout(() => resolve(null), DEADLINE_MS);
    try {
      const before = clock.now();
      const told = await Promise.race([store.now(), late]);
      return told === null ? null : { asked: (before + clock.now()) / 2, told };
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }
}

function inOrder(a: Check, b: Check): number {
  return CHECK_CODES.indexOf(a.code) - CHECK_CODES.indexOf(b.code);
}

/** A check that failed, as older clients know it. */
function findingOf({ severity, sentence, advice }: Check): readonly FindingDto[] {
  return severity === 'ok' ? [] : [{ message: `${sentence} ${advice}`, level: severity }];
}
