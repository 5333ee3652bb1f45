import type { Scope } from '@knot/domain';
import type { DriverClock } from '../clock.js';

export interface KubernetesOptions {
  readonly scope: Scope;
  /** Path of a kubeconfig; the account of the pod that this process runs in when left out. */
  readonly kubeconfig?: string;
  /** A context of that file; its current one when left out. */
  readonly context?: string;
  /** The one namespace of this location's spaces. */
  readonly namespace: string;
  /** Whether each space is shown by an object of the kind Space, which the cluster then has to know. */
  readonly spaceObjects?: boolean;
  readonly clock: DriverClock;
  /** How long one call may take, ms. */
  readonly callMs?: number;
  /** A watch is cut when the API server, which sends a bookmark about every minute, was silent this long, ms. */
  readonly silenceMs?: number;
}
