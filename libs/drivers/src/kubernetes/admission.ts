const WEBHOOK = /admission webhook "([^"]+)" denied the request(?:: )?(.*)/s;
const POLICY = /ValidatingAdmissionPolicy '([^']+)' with binding '[^']*' denied request(?:: )?(.*)/s;
const SILENT = /failed calling webhook "([^"]+)": *(?:failed to call webhook: *)?(.*)/s;

/** What a rule of admission that the cluster's keeper made did to an object. */
export interface Admission {
  /** It said no; else it gave no answer, and may give one later. */
  readonly refused: boolean;
  /** In the rule's own words. */
  readonly message: string;
  readonly advice: string;
}

/** Null where the API server's words tell of no such rule. `what` is `it` or `its pod`. */
export function admissionOf(said: string, what: 'it' | 'its pod'): Admission | null {
  const no = named('webhook', WEBHOOK.exec(said)) ?? named('policy', POLICY.exec(said));
  if (no) {
    const message = `The admission ${no.rule} refused ${what}: ${no.words || 'it gives no reason'}.`;
    return { refused: true, message, advice: 'Mend the template, or ask who runs the cluster.' };
  }
  const silent = named('webhook', SILENT.exec(said));
  if (!silent) return null;
  const message = `The admission ${silent.rule} is asked about ${what} and does not answer: ${silent.words}.`;
  return { refused: false, message, advice: 'Tell who runs the cluster; knot keeps trying.' };
}

function named(kind: string, found: RegExpExecArray | null): { rule: string; words: string } | null {
  return found && { rule: `${kind} ${found[1]}`, words: found[2] ?? '' };
}
