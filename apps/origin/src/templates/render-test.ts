import type { SnapshotData, SpaceSnapshot } from '@knot/domain';
import { renderPart } from '@knot/domain/template';
import type { Clock } from '@knot/shared';
import { KnotError, toKnotError } from '@knot/shared/errors';
import type { LocationFacts, Store, TemplateRow, UserRow } from '@knot/shared/store';
import { assertMay, found } from '../deeds/check.js';
import type { Call } from '../http/call.js';
import type { OriginSettings } from '../origin-settings.js';
import { frozenData } from '../spaces/frozen-data.js';
import type { VariableSource } from '../spaces/variable-source.js';
import { versionId } from './template-dtos.js';
import type { RenderResultDto, RenderTestDto, TextProblemDto } from './template.dto.js';
import { asKnotError, assertParses } from './template-text.js';

/** Stands for every value that is not to be seen. */
const MASK = '********';
const NO_SPACE = '00000000-0000-7000-8000-000000000000';

/** Renders a template for a made-up space of the asker, or of somebody else: to see what comes out, never a protected value. */
export class RenderTest {
  constructor(
    private readonly store: Store,
    private readonly variables: VariableSource,
    private readonly settings: OriginSettings,
    private readonly clock: Clock,
  ) {}

  async render(
    call: Call,
    id: string,
    { location, userId = call.actor.id, ...texts }: RenderTestDto,
  ): Promise<RenderResultDto> {
    const template = found(await this.store.get('template', id), 'template');
    const version = found(await this.store.get('templateVersion', versionId(id, template.present)), 'template version');
    // what a template says of somebody shows their e-mail address and the like
    if (userId !== call.actor.id) assertMay(call, 'user.read', this.clock.now());
    const user = found(await this.store.get('user', userId), 'user');
    const at = location ?? this.settings.location;
    const status = await this.store.get('locationStatus', at);
    const data = await this.data(template, user, at, status?.facts ?? this.settings.facts);
    const { platform } = template;
    const source = { platform, job: texts.job ?? version.job, volumes: texts.volumes ?? version.volumes, data };
    const [job, volumes] = [attempt('job', source), attempt('volumes', source)];
    const problems = [job.problem, volumes.problem].flatMap((problem) => problem ?? []);
    return { ok: problems.length === 0, job: job.text, volumes: volumes.text, problems };
  }

  private async data(
    template: TemplateRow,
    owner: UserRow,
    location: string,
    facts: LocationFacts,
  ): Promise<SnapshotData> {
    const chosen = await this.variables.at(location);
    const values = [...chosen.values()].map((row) => [row.name, row.protected ? MASK : row.value] as const);
    return frozenData({
      space: { id: NO_SPACE, name: 'example', location },
      template,
      owner,
      facts,
      servicePassword: MASK,
      variables: Object.fromEntries(values),
    });
  }
}

function attempt(
  part: 'job' | 'volumes',
  source: Pick<SpaceSnapshot, 'platform' | 'job' | 'volumes' | 'data'>,
): { readonly text: string; readonly problem: TextProblemDto | null } {
  try {
    assertParses(part, source[part]);
    return { text: renderPart(part, source), problem: null };
  } catch (thrown) {
    const error = toKnotError(asKnotError(thrown, part));
    if (!error.code.startsWith('template.') && error.code !== 'input.too_large') throw error;
    return { text: '', problem: problemOf(part, error) };
  }
}

function problemOf(text: TextProblemDto['text'], { code, message, hint, details }: KnotError): TextProblemDto {
  const at = (name: string) => (typeof details[name] === 'number' ? details[name] : 0);
  return { text, code, message, hint, line: at('line'), column: at('column') };
}
