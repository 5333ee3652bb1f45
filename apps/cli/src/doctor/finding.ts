/** What is looked at between this machine and the server, in this order. A code stays as it is. */
export const DOCTOR_CODES = [
  'server.unnamed',
  'server.unreachable',
  'server.untrusted',
  'server.api-version',
  'client.clock-skew',
  'client.token',
] as const;

type DoctorCode = (typeof DOCTOR_CODES)[number];

/** A check of this machine's, or, in the same form, one that the server made of itself. */
export interface Finding {
  readonly code: string;
  readonly severity: 'ok' | 'warning' | 'error';
  /** Name of the location it is about; '' for the server as a whole. */
  readonly subject: string;
  readonly sentence: string;
  readonly advice: string;
  readonly documentation: string;
}

/** One of this machine's. */
export function finding(
  code: DoctorCode,
  severity: Finding['severity'],
  { sentence, advice = '' }: { readonly sentence: string; readonly advice?: string },
): Finding {
  return {
    code,
    severity,
    subject: '',
    sentence,
    advice,
    documentation: `docs/guide/health.md#${code.replace('.', '')}`,
  };
}
