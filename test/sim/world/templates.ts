import type { Platform } from '@knot/domain';

/** Planted, to be found nowhere but where a workload needs it. */
export const PLANTED = 'planted-secret-7391';

export const PLATFORMS_OF_SITES: readonly Platform[] = ['local', 'docker'];

export interface SimTemplate {
  readonly name: string;
  readonly platform: Platform;
}

export const TEMPLATES: readonly SimTemplate[] = [
  { name: 'plain', platform: 'local' },
  { name: 'wide', platform: 'docker' },
  { name: 'brief', platform: 'local' },
];

/** Job and volumes of each text that a template may have; what leaves a volume out must never cost it. */
export const TEXTS: readonly { readonly job: string; readonly volumes: string }[] = [
  { job: 'run ${{ .var.colour }} for ${{ .space.name }}', volumes: 'home' },
  { job: 'run ${{ .var.colour }} with ${{ .var.secret }}', volumes: 'home\ncache' },
  { job: 'run two', volumes: '' },
  { job: 'run three ${{ .space.id }}', volumes: 'home\ndata' },
  { job: 'fake: exits 3 20000', volumes: 'home' },
  { job: 'fake: invalid no such thing', volumes: 'home' },
];
