import { backendName, type Mark } from '@knot/domain';
import type { WorkloadSpec } from '../driver.js';
import { asObject, objectsAt, textAt, type JsonObject } from './json.js';
import type { NomadClient } from './nomad-client.js';

const FILE = '${NOMAD_SECRETS_DIR}/knot.env';

/**
 * The environment of a space lies in a Nomad variable that its own job alone may read by its workload identity
 * (`nomad/jobs/<job>`), and each task takes it from there: the join secret is in no text that read-job shows.
 */
export class Environments {
  constructor(private readonly client: NomadClient) {}

  /** Before the job is registered: a task that starts waits for it. */
  async put({ mark, environment }: WorkloadSpec, signal: AbortSignal): Promise<void> {
    if (environment === undefined) return;
    const body = { Items: environment };
    await this.client.write('PUT', pathOf(mark), 'write the variable of the space', signal, { body });
  }

  /** With the job's end. */
  async remove(mark: Mark, signal: AbortSignal): Promise<void> {
    await this.client.write('DELETE', pathOf(mark), 'remove the variable of the space', signal);
  }
}

/** The job with a template in each task that reads the variable; unchanged where the spec has no environment. */
export function withEnvironment(job: JsonObject, { mark, environment }: WorkloadSpec): JsonObject {
  if (environment === undefined) return job;
  const variable = `nomad/jobs/${backendName(mark.space)}`;
  const template = {
    EmbeddedTmpl: `{{ with nomadVar "${variable}" }}{{ range $k, $v := . }}{{ $k }}="{{ $v }}"\n{{ end }}{{ end }}`,
    DestPath: FILE,
    Envvars: true,
    // a new start brings new values; a task that runs keeps its own
    ChangeMode: 'noop',
    Perms: '0600',
  };
  const withTemplate = (task: JsonObject) => ({ ...task, Templates: [...objectsAt(task, 'Templates'), template] });
  const groups = objectsAt(job, 'TaskGroups').map((group) => ({
    ...group,
    Tasks: objectsAt(group, 'Tasks').map(withTemplate),
  }));
  return { ...job, TaskGroups: groups };
}

/** Whether a job as Nomad has it was registered with an environment. */
export function hasEnvironment(job: unknown): boolean {
  const tasks = objectsAt(asObject(job), 'TaskGroups').flatMap((group) => objectsAt(group, 'Tasks'));
  return tasks.some((task) => objectsAt(task, 'Templates').some((template) => textAt(template, 'DestPath') === FILE));
}

function pathOf({ space }: Mark): string {
  return `var/nomad/jobs/${backendName(space)}`;
}
