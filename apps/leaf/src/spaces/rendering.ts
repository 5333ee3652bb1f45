import type { Rendered, SpaceSnapshot, VolumeRef } from '@knot/domain';
import { renderPart, TemplateError } from '@knot/domain/template';
import type { Driver, WorkloadSpec } from '@knot/drivers';
import { templateProblem } from '@knot/shared/errors';
import { misfortuneOf } from './failure.js';

/** Rendered texts kept: enough for what is being started or looked at in turn, bounded whatever there is. */
const MOST = 256;

export interface RenderedText {
  readonly job: string;
  readonly volumes: string;
}

interface Kept {
  readonly text: RenderedText;
  refs: readonly VolumeRef[] | null;
}

/** Renders frozen snapshots, each once as long as it is remembered: the same snapshot always makes the same text. */
export class Rendering {
  private readonly kept = new Map<string, Kept>();

  /** Throws `template.syntax` or `template.render`. */
  text(snapshot: SpaceSnapshot): RenderedText {
    return this.get(snapshot).text;
  }

  /** The volumes the rendered template asks for; what is wrong with the template is an answer, no error. */
  async volumes(snapshot: SpaceSnapshot, spec: WorkloadSpec, driver: Driver, signal: AbortSignal): Promise<Rendered> {
    const kept = this.get(snapshot);
    try {
      kept.refs ??= await driver.volumesOf(spec, signal);
      return { ok: true, volumes: kept.refs };
    } catch (error) {
      const { failure, terminal } = misfortuneOf(error);
      if (!terminal) throw error;
      return { ok: false, trouble: failure.trouble };
    }
  }

  private get(snapshot: SpaceSnapshot): Kept {
    // The space's id is part of what is hashed; in the key it makes sure that no two spaces ever share a text.
    const key = `${snapshot.data.space.id}/${snapshot.hash}`;
    const known = this.kept.get(key);
    if (known) return known;
    const fresh: Kept = {
      text: { job: rendered('job', snapshot), volumes: rendered('volumes', snapshot) },
      refs: null,
    };
    const oldest = this.kept.keys().next();
    if (this.kept.size >= MOST && !oldest.done) this.kept.delete(oldest.value);
    this.kept.set(key, fresh);
    return fresh;
  }
}

function rendered(part: keyof RenderedText, snapshot: SpaceSnapshot): string {
  try {
    return renderPart(part, snapshot);
  } catch (error) {
    throw error instanceof TemplateError ? templateProblem(error, part) : error;
  }
}
