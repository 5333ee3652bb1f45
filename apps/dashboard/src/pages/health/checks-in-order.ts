import type { Check } from '../../api/schemas.js';
import type { Tone } from '../../components/phase-tone.js';

/** Errors before warnings, each as the server has them; what is well apart. */
export function checksInOrder(checks: readonly Check[]): {
  readonly failed: readonly Check[];
  readonly well: readonly Check[];
} {
  const of = (wanted: Check['severity']) => checks.filter(({ severity }) => severity === wanted);
  return { failed: [...of('error'), ...of('warning')], well: of('ok') };
}

export function toneOfCheck({ code, severity }: Pick<Check, 'code' | 'severity'>): Tone {
  switch (severity) {
    case 'ok':
      return 'good';
    case 'warning':
      // nobody knows how a silent location is
      return code === 'location.silent' ? 'unknown' : 'falling';
    case 'error':
      return 'bad';
  }
}
