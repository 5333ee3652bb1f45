import type { SpaceSnapshot } from '@knot/domain';
import { createToken, sealContext, type KeyRing, type RandomSource } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type {
  LocationFacts,
  NewRow,
  SpaceRow,
  Store,
  TemplateRow,
  TemplateVersionRow,
  UserRow,
} from '@knot/shared/store';
import { found } from '../deeds/check.js';
import type { HostKeys } from '../ssh/host-keys.js';
import { versionId } from '../templates/template-dtos.js';
import { frozenData } from './frozen-data.js';
import type { SnapshotVault } from './snapshot-vault.js';
import type { VariableSource } from './variable-source.js';

export const SERVICE_PASSWORD_LENGTH = 24;

/** What the service password of a space is sealed for. */
export function passwordContext(spaceId: string): string {
  return sealContext('space', spaceId, 'servicePassword');
}

export interface FreezeInput {
  readonly space: SpaceRow;
  readonly owner: UserRow;
  readonly template: TemplateRow;
  readonly facts: LocationFacts;
  readonly at: number;
}

/** Makes the snapshot that a start runs from: the template's present version and the values of now. */
export class Freeze {
  constructor(
    private readonly store: Store,
    private readonly keys: KeyRing,
    private readonly vault: SnapshotVault,
    private readonly variables: VariableSource,
    private readonly random: RandomSource,
    private readonly hostKeys: HostKeys,
  ) {}

  /** Throws `template.render` where a required variable is missing. */
  async snapshot(input: FreezeInput): Promise<{ readonly snapshot: SpaceSnapshot; readonly row: NewRow<'snapshot'> }> {
    const { space, owner, template, facts, at } = input;
    const version = found(
      await this.store.get('templateVersion', versionId(template.id, template.present)),
      'template version',
    );
    assertExceptionsApproved(template, version);
    const { values: variables, protectedNames } = await this.variables.frozen(version, space.location);
    const content: Omit<SpaceSnapshot, 'hash'> = {
      platform: template.platform,
      template: { id: template.id, name: template.name, version: version.number },
      job: version.job,
      volumes: version.volumes,
      restart: version.restart,
      exceptions: version.exceptions,
      data: frozenData({
        space,
        template,
        owner,
        facts,
        servicePassword: this.password(space),
        variables,
      }),
      ...(facts.agentEndpoint !== '' && {
        joinSecret: createToken(this.random, 'knj'),
        sshHostKey: await this.hostKeys.secretOf(space),
      }),
      ...(protectedNames.length > 0 && { protectedVariables: protectedNames }),
    };
    return this.vault.seal(content, space.id, at);
  }

  private password(space: SpaceRow): string {
    return this.keys.openText(space.servicePassword, passwordContext(space.id));
  }
}

/** An exception from the policy of locations counts only in a version that somebody approved who may. */
function assertExceptionsApproved({ name }: TemplateRow, { number, exceptions, approvedBy }: TemplateVersionRow): void {
  if (exceptions.length === 0 || approvedBy !== '') return;
  const message = `Version ${number} of ${name} asks for ${exceptions.join(', ')}, and nobody has approved it.`;
  throw new KnotError('template.policy', message, 'Somebody with the permission templates.approve has to approve it.');
}
