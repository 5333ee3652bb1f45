import { renderTemplate, trusted, userField, type TemplateData } from '@knot/domain/template';
import { KnotError, toKnotError } from '@knot/shared/errors';
import type { LocationFacts, Store, TemplateRow, UserRow } from '@knot/shared/store';
import { found } from '../deeds/check.js';
import type { Call } from '../http/call.js';
import type { OriginSettings } from '../origin-settings.js';
import type { VariableSource } from '../spaces/variable-source.js';
import { versionId } from './template-dtos.js';
import type { RenderResultDto, RenderTestDto, TextProblemDto } from './template.dto.js';
import { asKnotError, assertParses, jobFormat } from './template-text.js';

/** Stands for every value that is not to be seen. */
const MASK = '********';
const NO_SPACE = '00000000-0000-7000-8000-000000000000';

/** Renders a template for a made-up space of the asker: to see what comes out, never a protected value. */
export class RenderTest {
  constructor(
    private readonly store: Store,
    private readonly variables: VariableSource,
    private readonly settings: OriginSettings,
  ) {}

  async render(call: Call, id: string, { location, ...texts }: RenderTestDto): Promise<RenderResultDto> {
    const template = found(await this.store.get('template', id), 'template');
    const version = found(await this.store.get('templateVersion', versionId(id, template.present)), 'template version');
    const user = found(await this.store.get('user', call.actor.id), 'user');
    const at = location ?? this.settings.location;
    const status = await this.store.get('locationStatus', at);
    const data = await this.data(template, user, at, status?.facts ?? this.settings.facts);
    const job = attempt('job', texts.job ?? version.job, (body) =>
      renderTemplate(body, data, { format: jobFormat(template.platform, body) }),
    );
    const volumes = attempt('volumes', texts.volumes ?? version.volumes, (body) =>
      renderTemplate(body, data, { format: 'yaml' }),
    );
    const problems = [job.problem, volumes.problem].flatMap((problem) => problem ?? []);
    return { ok: problems.length === 0, job: job.text, volumes: volumes.text, problems };
  }

  private async data(
    template: TemplateRow,
    user: UserRow,
    location: string,
    facts: LocationFacts,
  ): Promise<Record<string, TemplateData>> {
    const chosen = await this.variables.at(location);
    const values = [...chosen.values()].map((row) => [row.name, trusted(row.protected ? MASK : row.value)] as const);
    const { id, username, email, timezone } = user;
    return {
      space: { id: trusted(NO_SPACE), name: userField('example') },
      template: { id: trusted(template.id), name: trusted(template.name) },
      user: {
        id: trusted(id),
        username: userField(username),
        email: userField(email),
        timezone: userField(timezone),
        service_password: userField(MASK),
      },
      server: {
        url: trusted(facts.url),
        agent_endpoint: trusted(facts.agentEndpoint),
        wildcard_domain: trusted(facts.wildcardDomain),
        location: trusted(location),
        timezone: trusted(facts.timezone),
      },
      nomad: { dc: trusted(facts.nomadDc), region: trusted(facts.nomadRegion) },
      var: Object.fromEntries(values),
    };
  }
}

function attempt(
  text: TextProblemDto['text'],
  body: string,
  render: (body: string) => string,
): { readonly text: string; readonly problem: TextProblemDto | null } {
  try {
    assertParses(text, body);
    return { text: render(body), problem: null };
  } catch (thrown) {
    const error = toKnotError(asKnotError(thrown, text));
    if (!error.code.startsWith('template.') && error.code !== 'input.too_large') throw error;
    return { text: '', problem: problemOf(text, error) };
  }
}

function problemOf(text: TextProblemDto['text'], { code, message, hint, details }: KnotError): TextProblemDto {
  const at = (name: string) => (typeof details[name] === 'number' ? details[name] : 0);
  return { text, code, message, hint, line: at('line'), column: at('column') };
}
