/** Every check there is, in the order of the answer. A code stays as it is: people and alerts look for it. */
export const CHECK_CODES = [
  'store.silent',
  'store.clock-skew',
  'store.data-loss',
  'restore.not-accepted',
  'backup.age',
  'tls.skip-verify',
  'tls.plaintext',
  'tls.certificate-end',
  'url.unreached',
  'domain.wildcard',
  'domain.shared-with-apps',
  'location.silent',
  'location.leaf-version',
  'location.platform',
  'location.domain',
] as const;

export type CheckCode = (typeof CHECK_CODES)[number];

/** What one look has found. Several of one code differ by their subject. */
export interface Check {
  readonly code: CheckCode;
  readonly severity: 'ok' | 'warning' | 'error';
  /** Name of the location it is about; '' for the server itself. */
  readonly subject: string;
  /** What is so. */
  readonly sentence: string;
  /** What to do; '' where nothing is to be done. */
  readonly advice: string;
}

export function ok(code: CheckCode, sentence: string): Check {
  return { code, severity: 'ok', subject: '', sentence, advice: '' };
}

/** Path of the page and section that say more. */
export function documentationOf(code: CheckCode): string {
  return `docs/guide/health.md#${code.replace('.', '')}`;
}
