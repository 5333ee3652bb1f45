import { quickKubernetes, type Platform, type RestartPolicy } from '@knot/domain';
import type { TemplateCreate, TemplateDetail, TemplatePut } from '../../api/schemas.js';
import { scheduleDraftOf, scheduleOf, type ScheduleDraft } from '../../schedule/schedule-draft.js';
import { portDraftsOf, portsOf, type PortDraft } from './port-draft.js';
import type { TemplateScope } from './scope-fields.js';

/** What the editor holds. */
export interface TemplateDraft {
  readonly name: string;
  readonly description: string;
  readonly platform: Platform;
  readonly job: string;
  readonly volumes: string;
  readonly restart: RestartPolicy;
  /** One per line. */
  readonly exceptions: string;
  readonly note: string;
  readonly scope: TemplateScope;
  /** Null: at any time. */
  readonly schedule: ScheduleDraft | null;
  readonly ports: readonly PortDraft[];
}

export function newDraft(platform: Platform): TemplateDraft {
  return {
    name: '',
    description: '',
    platform,
    job: FIRST_JOBS[platform] ?? '',
    volumes: '',
    restart: 'always',
    exceptions: '',
    note: '',
    scope: { groups: [], locations: [], computeUnits: 0, storageUnits: 0 },
    schedule: null,
    ports: [],
  };
}

export function draftOf(template: TemplateDetail): TemplateDraft {
  const { name, description, platform, job = '', volumes = '', restart, exceptions } = template;
  const { groups, locations, computeUnits, storageUnits, schedule, ports } = template;
  return {
    name,
    description,
    platform,
    job,
    volumes,
    restart,
    exceptions: exceptions.join('\n'),
    note: '',
    scope: { groups, locations, computeUnits, storageUnits },
    schedule: scheduleDraftOf(schedule),
    ports: portDraftsOf(ports),
  };
}

export function createOf(draft: TemplateDraft): TemplateCreate {
  return { ...putOf(draft), platform: draft.platform };
}

export function putOf({ platform: _fixed, exceptions, scope, schedule, ports, ...draft }: TemplateDraft): TemplatePut {
  const lines = exceptions.split('\n').map((line) => line.trim());
  return {
    ...draft,
    ...scope,
    groups: [...scope.groups],
    locations: [...scope.locations],
    schedule: scheduleOf(schedule),
    ports: portsOf(ports),
    exceptions: lines.filter((line) => line !== ''),
  };
}

/** A text to begin with, per platform. */
const FIRST_JOBS: Partial<Record<Platform, string>> = {
  local: 'command: ["sh", "-c", "exec sleep infinity"]\nenv:\n  SPACE: "${{ .space.name }}"\n',
  kubernetes: quickKubernetes({
    image: 'debian:bookworm',
    command: ['sleep', 'infinity'],
    env: { KNOT_USER: '${{ .user.username }}' },
    cpu: '',
    memory: '',
    home: '',
    homePath: '/home',
    ports: [],
  }).job,
  nomad: `job "\${{ .space.name }}" {
  group "space" {
    task "shell" {
      driver = "docker"
      config {
        image = "debian:bookworm"
        args  = ["sleep", "infinity"]
      }
      env {
        KNOT_USER = "\${{ .user.username }}"
      }
    }
  }
}
`,
};

/** Whether a text is still one of those to begin with: then another platform may replace it. */
export function isUntouched(job: string): boolean {
  return job.trim() === '' || Object.values(FIRST_JOBS).includes(job);
}
