import type { SnapshotData, SpaceSnapshot } from '@knot/domain';
import { renderPart } from '@knot/domain/template';
import type { Clock, Logger } from '@knot/shared';
import { KnotError, toKnotError } from '@knot/shared/errors';
import type { LocationFacts, Store, TemplateRow, UserRow } from '@knot/shared/store';
import { assertMay, found } from '../deeds/check.js';
import type { Call } from '../http/call.js';
import type { OriginSettings } from '../origin-settings.js';
import { frozenData } from '../spaces/frozen-data.js';
import type { VariableSource } from '../spaces/variable-source.js';
import { unchecked, type BackendCheck } from './backend-check.js';
import { versionId } from './template-dtos.js';
import type {
  RenderResultDto,
  RenderTestDto,
  TemplateDetailDto,
  TextProblemDto,
  TextWarningDto,
} from './template.dto.js';
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
    private readonly backends: BackendCheck,
    private readonly logger: Logger,
  ) {}

  /** A template that was saved, with what would be wrong at one location that it is for. It is saved in any case. */
  async saved(call: Call, template: TemplateDetailDto): Promise<TemplateDetailDto> {
    const warnings = await this.warnings(call, template).catch((error: unknown) => {
      this.logger.warn({ err: error, template: template.id }, 'a saved template could not be checked');
      return [unchecked('something went wrong, and the log of the server has it')];
    });
    return { ...template, warnings };
  }

  async render(
    call: Call,
    id: string,
    { location, userId = call.actor.id, ...given }: RenderTestDto,
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
    const { exceptions } = version;
    const source = { platform, job: given.job ?? version.job, volumes: given.volumes ?? version.volumes, data };
    const [job, volumes] = [attempt('job', source), attempt('volumes', source)];
    const problems = [job.problem, volumes.problem].flatMap((problem) => problem ?? []);
    const texts = { job: job.text, volumes: volumes.text };
    const workload = { platform, spaceId: NO_SPACE, ...texts, exceptions: [...exceptions] };
    const warnings = problems.length === 0 ? await this.backends.warnings(at, workload) : [];
    return { ok: problems.length === 0, ...texts, problems, warnings };
  }

  private async warnings(call: Call, template: TemplateDetailDto): Promise<TextWarningDto[]> {
    const { id, platform } = template;
    const location = await this.backends.locationFor(template);
    if (location === null) return [unchecked(`no location for it that has ${platform} ready can be asked from here`)];
    const { problems, warnings } = await this.render(call, id, { location });
    return [...problems.map(({ message, hint, line, column }) => ({ message, hint, line, column })), ...warnings];
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
