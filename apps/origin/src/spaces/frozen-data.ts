import type { SnapshotData } from '@knot/domain';
import type { LocationFacts, SpaceRow, TemplateRow, UserRow } from '@knot/shared/store';

export interface FrozenSources {
  readonly space: Pick<SpaceRow, 'id' | 'name' | 'location'>;
  readonly template: Pick<TemplateRow, 'id' | 'name'>;
  readonly owner: UserRow;
  readonly facts: LocationFacts;
  readonly servicePassword: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** What a template sees of a space. */
export function frozenData({ space, template, owner, facts, servicePassword, variables }: FrozenSources): SnapshotData {
  const { id, username, email, timezone } = owner;
  return {
    space: { id: space.id, name: space.name },
    template: { id: template.id, name: template.name },
    user: { id, username, email, timezone, service_password: servicePassword },
    server: {
      url: facts.url,
      agent_endpoint: facts.agentEndpoint,
      wildcard_domain: facts.wildcardDomain,
      location: space.location,
      timezone: facts.timezone,
    },
    nomad: { dc: facts.nomadDc, region: facts.nomadRegion },
    var: variables,
  };
}
