import type { Store } from '@knot/shared/store';
import { suspendedSince } from '../restore/suspension.js';
import type { OriginSettings } from '../origin-settings.js';
import type { FindingDto, HealthDetailsDto, HealthDto, VersionDto } from './health.dto.js';

/** Of the REST API; raised when a client of the old one would break. */
export const API_VERSION = '1';
const DEADLINE_MS = 3_000;

export class HealthCheck {
  constructor(
    private readonly store: Store,
    private readonly settings: OriginSettings,
    private readonly programVersion: string,
    private readonly startedAt: number,
  ) {}

  async ready(): Promise<HealthDto> {
    return { status: (await this.storeAnswers()) ? 'ok' : 'failing' };
  }

  async details(): Promise<HealthDetailsDto> {
    const ok = await this.storeAnswers();
    const [installation, head] = ok
      ? await Promise.all([this.store.get('installation', 'installation'), this.store.head('events')])
      : [null, null];
    const findings: FindingDto[] = this.settings.findings.map((message) => ({ message, level: 'warning' }));
    const restoredAt = ok ? await suspendedSince(this.store) : 0;
    if (restoredAt > 0) findings.push({ message: restoredSentence(restoredAt), level: 'error' });
    if (!ok) findings.push({ message: 'The store does not answer. The log says why.', level: 'error' });
    return {
      status: ok ? 'ok' : 'failing',
      version: this.programVersion,
      installation: installation?.uuid ?? '',
      epoch: head?.epoch ?? '',
      startedAt: this.startedAt,
      findings,
    };
  }

  version(): VersionDto {
    return { version: this.programVersion, api: API_VERSION };
  }

  private async storeAnswers(): Promise<boolean> {
    const { promise: late, resolve } = Promise.withResolvers<false>();
    const timer = setTimeout(() => resolve(false), DEADLINE_MS);
    try {
      return await Promise.race([this.store.now().then(() => true), late]);
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  }
}

function restoredSentence(at: number): string {
  return (
    `The database was put back from a backup (noticed ${new Date(at).toISOString()}): who was deleted or locked out since is ` +
    'in it again. All sessions were ended, and API tokens made before are suspended. Look over users, their roles and ' +
    'tokens, then accept it: POST /api/v1/restore/accept.'
  );
}
