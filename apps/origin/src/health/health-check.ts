import { isOneSite } from '@knot/domain';
import { sha256Hex, type Clock } from '@knot/shared';
import type { LocationStatusRow, Store } from '@knot/shared/store';
import type { LocationStates } from '../locations/location-states.js';
import type { OriginSettings } from '../origin-settings.js';
import { suspendedSince } from '../restore/suspension.js';
import { lastBackup } from './backup-mark.js';
import { backupCheck } from './checks/backup-check.js';
import { certificateCheck, shownCertificate, type ShownCertificate } from './checks/certificate-check.js';
import { CHECK_CODES, documentationOf, type Check } from './checks/check.js';
import { configChecks } from './checks/config-checks.js';
import { locationChecks } from './checks/location-checks.js';
import { urlCheck, wildcardChecks } from './checks/outside-checks.js';
import { dataLossChecks, restoreCheck, storeChecks } from './checks/store-checks.js';
import type { FindingDto, HealthDetailsDto, HealthDto, VersionDto } from './health.dto.js';
import type { Outside } from './outside.js';

/** Of the REST API; raised when a client of the old one would break. */
export const API_VERSION = '1';
const DEADLINE_MS = 3_000;
const FINGERPRINT_LENGTH = 16;

export interface HealthPorts {
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  readonly settings: OriginSettings;
  readonly states: LocationStates;
  readonly programVersion: string;
  readonly outside: Outside;
}

export class HealthCheck {
  private readonly startedAt: number;
  private certificate: ShownCertificate | null = null;
  /** Made by the server itself, PEM: vouched for by nobody. */
  private own = '';
  private fingerprint = '';

  constructor(private readonly ports: HealthPorts) {
    this.startedAt = ports.clock.now();
  }

  /** What the listener shows (PEM), once there is one; `own`: made by the server itself. */
  showsCertificate(pem: string, own: boolean): void {
    this.certificate = shownCertificate(pem, own);
    if (own) this.own = pem;
  }

  async ready(): Promise<HealthDto> {
    return { status: (await this.storeClocks()) === null ? 'failing' : 'ok' };
  }

  async details(): Promise<HealthDetailsDto> {
    const { store, programVersion } = this.ports;
    const clocks = await this.storeClocks();
    const [[installation, head, stored], outside] = await Promise.all([
      clocks === null
        ? ([null, null, []] as const)
        : Promise.all([store.get('installation', 'installation'), store.head('events'), this.storedChecks()]),
      this.outsideChecks(clocks !== null),
    ]);
    const checks = [...storeChecks(clocks), ...this.plainChecks(), ...stored, ...outside].sort(inOrder);
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

  async version(): Promise<VersionDto> {
    return { version: this.ports.programVersion, api: API_VERSION, fingerprint: await this.ownFingerprint() };
  }

  /** Those that ask nobody. */
  private plainChecks(): readonly Check[] {
    const { settings, clock } = this.ports;
    const certificate = this.certificate === null ? [] : [certificateCheck(this.certificate, clock.now())];
    return [...dataLossChecks(settings.storeFindings), ...configChecks(settings.checked), ...certificate];
  }

  /** Those that read the store. */
  private async storedChecks(): Promise<readonly Check[]> {
    const { store, states, programVersion, clock, settings } = this.ports;
    const { backupFile, backupMaxAge: mostDays } = settings.checked;
    const [restoredAt, locations, madeAt, installation] = await Promise.all([
      suspendedSince(store),
      states.all(),
      lastBackup(store, backupFile),
      store.get('installation', 'installation'),
    ]);
    const checked = locations.map(({ row, lease, status, live }) => ({
      name: row.id,
      joined: lease !== null && (lease.holder !== '' || status !== null),
      live,
      leafVersion: status?.leafVersion ?? '',
      domain: domainOf(status),
      platforms: status?.platforms ?? [],
    }));
    const backup = backupCheck({ madeAt, installedAt: installation?.createdAt ?? 0, mostDays }, clock.now());
    return [restoreCheck(restoredAt), backup, ...locationChecks(checked, programVersion)];
  }

  /** Those that ask name servers, and the server itself by its public address. */
  private async outsideChecks(stored: boolean): Promise<readonly Check[]> {
    const { outside, settings, clock } = this.ports;
    const { url } = settings.checked;
    const [{ met, certificate }, looked, fingerprint] = await Promise.all([
      outside.meet(url, this.own === '' ? [] : [this.own]),
      this.wildcardDomains(stored).then((domains) =>
        Promise.all(domains.map(({ subject, domain }) => outside.lookUp(subject, domain))),
      ),
      this.ownFingerprint(),
    ]);
    // of a proxy in front
    const shown = certificate === '' || this.certificate !== null ? null : shownCertificate(certificate, false);
    const ends = shown === null ? [] : [certificateCheck(shown, clock.now())];
    // without its store it cannot know itself
    return [...wildcardChecks(looked), ...(fingerprint === '' ? [] : [urlCheck(url, met, fingerprint)]), ...ends];
  }

  /** The server's own, and those of live leaves that have another. */
  private async wildcardDomains(stored: boolean): Promise<readonly { subject: string; domain: string }[]> {
    const { settings, states } = this.ports;
    const own = settings.apps && !isOneSite(settings.apps) ? settings.apps.suffix.slice(1) : '';
    const leaves = (stored ? await states.all() : []).flatMap(({ row, live, status }) => {
      const domain = domainOf(status);
      return live && domain !== '' && domain !== own ? [{ subject: row.id, domain }] : [];
    });
    return own === '' ? leaves : [{ subject: '', domain: own }, ...leaves];
  }

  /** '' while the store does not answer. */
  private async ownFingerprint(): Promise<string> {
    if (this.fingerprint !== '' || (await this.storeClocks()) === null) return this.fingerprint;
    try {
      const installation = await this.ports.store.get('installation', 'installation');
      if (installation) this.fingerprint = sha256Hex(installation.uuid).slice(0, FINGERPRINT_LENGTH);
    } catch {
      // it fell silent in this moment: the version is told without
    }
    return this.fingerprint;
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

/** That a leaf says is its web apps' own. */
function domainOf(status: LocationStatusRow | null): string {
  return (
    status?.facts.wildcardDomain
      .toLowerCase()
      .replace(/^\*?\./, '')
      .replace(/:\d+$/, '') ?? ''
  );
}

function inOrder(a: Check, b: Check): number {
  return CHECK_CODES.indexOf(a.code) - CHECK_CODES.indexOf(b.code);
}

/** A check that failed, as older clients know it. */
function findingOf({ severity, sentence, advice }: Check): readonly FindingDto[] {
  return severity === 'ok' ? [] : [{ message: `${sentence} ${advice}`, level: severity }];
}
