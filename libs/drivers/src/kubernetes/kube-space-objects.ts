import { backendName, type Scope } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';
import type { DriverClock } from '../clock.js';
import type { ShownSpace, SpaceObject, SpaceObjects } from '../space-objects.js';
import { FIELD_MANAGER, type KubeApi } from './api.js';
import { canonical, numberAt, objectAt, objectsAt, textAt, type JsonObject } from './json.js';
import { WHOLE } from './kept.js';
import { KindCache } from './kind-cache.js';
import type { Resource } from './kinds.js';
import { ANNOTATION, bearsMark, labelsOf, selectorOf } from './mark.js';
import { Reflector } from './reflector.js';
import { SharedFields } from './shared-fields.js';
import { versionOf } from './sight.js';

/** Of the chart's CustomResourceDefinition. */
const SPACE: Resource = { kind: 'Space', apiVersion: 'knot.dev/v1', plural: 'spaces' };
const SILENCE_MS = 150_000;

/** `kubectl get spaces`: one object of the kind Space for each space of the location, in the namespace of its spaces. */
export class KubeSpaceObjects implements SpaceObjects {
  private readonly cache = new KindCache(WHOLE, new SharedFields());

  constructor(
    private readonly api: KubeApi,
    private readonly scope: Scope,
    private readonly clock: DriverClock,
  ) {}

  get following(): boolean {
    return this.cache.following;
  }

  ids(): readonly string[] {
    return this.cache.spaceIds();
  }

  watch(hint: (space: string | null) => void, signal: AbortSignal): Promise<void> {
    const reflector = new Reflector({
      ...{ api: this.api, kind: SPACE, labelSelector: selectorOf(this.scope), cache: this.cache, clock: this.clock },
      silenceMs: SILENCE_MS,
      onChange: (space) => hint(space),
      onConnected: () => hint(null),
    });
    return reflector.run(signal);
  }

  read(space: string): SpaceObject | null {
    const object = this.find(space);
    if (object === null) return null;
    const status = objectAt(object, 'status');
    const { running } = status;
    return {
      revision: versionOf(object),
      running: objectAt(object, 'spec')['running'] === true,
      by: writerOf(object),
      shown:
        typeof running === 'boolean'
          ? { running, generation: numberAt(status, 'generation'), answer: textAt(status, 'answer') }
          : null,
    };
  }

  async show(space: ShownSpace, signal: AbortSignal): Promise<void> {
    const seen = this.find(space.id);
    const main = this.mainOf(space, seen);
    let object = seen;
    if (!seen || !isSame(mainParts(main), mainParts(seen))) object = await this.write(seen, main, signal);
    if (!object) return seen ? this.outrun() : this.taken(space.id, signal);
    const status = statusOf(space);
    if (isSame(status, objectAt(object, 'status'))) return;
    const path = this.api.path(SPACE, `${nameOf(space.id)}/status`, { fieldManager: FIELD_MANAGER });
    const what = `say how the space ${space.name} is`;
    if (!(await this.api.write('PUT', path, { ...object, status }, what, signal))) this.outrun();
  }

  async remove(space: string, signal: AbortSignal): Promise<void> {
    const object = this.find(space);
    if (object) await this.api.delete(SPACE, object, signal);
  }

  private find(space: string): JsonObject | null {
    const object = this.cache.get(nameOf(space));
    return object && bearsMark(object, { ...this.scope, space }) ? object : null;
  }

  /** What others wrote into its metadata stays. */
  private mainOf({ id, asked }: ShownSpace, seen: JsonObject | null): JsonObject {
    const { installation, location } = this.scope;
    const metadata = objectAt(seen ?? {}, 'metadata');
    const annotations = { [ANNOTATION.installation]: installation, [ANNOTATION.location]: location };
    return {
      apiVersion: SPACE.apiVersion,
      kind: SPACE.kind,
      metadata: {
        ...metadata,
        name: nameOf(id),
        namespace: this.api.namespace,
        labels: { ...objectAt(metadata, 'labels'), ...labelsOf({ ...this.scope, space: id }) },
        annotations: { ...objectAt(metadata, 'annotations'), ...annotations },
      },
      spec: { running: asked },
    };
  }

  private write(seen: JsonObject | null, main: JsonObject, signal: AbortSignal): Promise<JsonObject | null> {
    const name = seen ? textAt(objectAt(main, 'metadata'), 'name') : '';
    const path = this.api.path(SPACE, name, { fieldManager: FIELD_MANAGER });
    return this.api.write(seen ? 'PUT' : 'POST', path, main, 'show a space with kubectl', signal);
  }

  /** Something has the name already: ours, not yet told by the watch, or somebody else's. */
  private async taken(space: string, signal: AbortSignal): Promise<never> {
    const object = await this.api.find(SPACE, nameOf(space), signal);
    if (!object || bearsMark(object, { ...this.scope, space })) return this.outrun();
    const message = `Kubernetes has a Space ${nameOf(space)} that this location did not make.`;
    throw new KnotError('backend.foreign', message, 'It is left alone; rename or delete it.');
  }

  private outrun(): never {
    throw new KnotError('backend.conflict', 'The object of the space has changed meanwhile.');
  }
}

const nameOf = backendName;

function mainParts(object: JsonObject): JsonObject {
  const { labels, annotations } = objectAt(object, 'metadata');
  return { labels, annotations, running: objectAt(object, 'spec')['running'] };
}

function statusOf({ id: _, asked: _asked, createdAt, ...told }: ShownSpace): JsonObject {
  return { ...told, ...(createdAt > 0 && { createdAt: new Date(createdAt).toISOString() }) };
}

function isSame(one: JsonObject, other: JsonObject): boolean {
  return JSON.stringify(canonical(one)) === JSON.stringify(canonical(other));
}

/** The API server keeps which program last set a field. */
function writerOf(object: JsonObject): string {
  const managers = objectsAt(objectAt(object, 'metadata'), 'managedFields');
  const writer = managers.find((manager) => 'f:running' in objectAt(manager, 'fieldsV1', 'f:spec'));
  return textAt(writer ?? {}, 'manager');
}
