import type { Action } from '@knot/domain';
import {
  IconActivityHeartbeat,
  IconChartBar,
  IconDatabase,
  IconHistory,
  IconListCheck,
  IconMapPin,
  IconShieldCheck,
  IconStack2,
  IconTemplate,
  IconUsers,
  IconUsersGroup,
  IconVariable,
} from '@tabler/icons-react';
import { texts } from '../texts/texts.js';

interface Room {
  readonly to: string;
  readonly label: string;
  readonly Icon: typeof IconStack2;
  /** Who may not do this does not see the room. */
  readonly needs: Action;
}

/** Of everybody. */
export const ROOMS: readonly Room[] = [
  { to: '/spaces', label: texts.nav.spaces, Icon: IconStack2, needs: 'space.list' },
  { to: '/templates', label: texts.nav.templates, Icon: IconTemplate, needs: 'template.list' },
  { to: '/locations', label: texts.nav.locations, Icon: IconMapPin, needs: 'location.list' },
];

export const ADMINISTRATION: readonly Room[] = [
  { to: '/variables', label: texts.nav.variables, Icon: IconVariable, needs: 'variable.list' },
  { to: '/volumes', label: texts.nav.volumes, Icon: IconDatabase, needs: 'volume.list' },
  { to: '/users', label: texts.nav.users, Icon: IconUsers, needs: 'user.list' },
  { to: '/groups', label: texts.nav.groups, Icon: IconUsersGroup, needs: 'group.list' },
  { to: '/roles', label: texts.nav.roles, Icon: IconShieldCheck, needs: 'role.list' },
  { to: '/usage', label: texts.usage.title, Icon: IconChartBar, needs: 'user.list' },
  { to: '/operations', label: texts.nav.operations, Icon: IconListCheck, needs: 'space.of-others' },
  { to: '/audit', label: texts.nav.audit, Icon: IconHistory, needs: 'audit.list' },
  { to: '/status', label: texts.nav.health, Icon: IconActivityHeartbeat, needs: 'health.details' },
];

/** Pages on which something is made. */
export const DEEDS: readonly Pick<Room, 'to' | 'label' | 'needs'>[] = [
  { to: '/spaces/new', label: texts.spaces.create, needs: 'space.create' },
  { to: '/templates/new', label: texts.templates.create, needs: 'template.create' },
  { to: '/add-location', label: texts.enrol.title, needs: 'location.token' },
  { to: '/variables/new', label: texts.variables.create, needs: 'variable.create' },
  { to: '/volumes/new', label: texts.volumes.create, needs: 'volume.create' },
  { to: '/users/new', label: texts.users.create, needs: 'user.create' },
  { to: '/groups/new', label: texts.groups.create, needs: 'group.create' },
  { to: '/roles/new', label: texts.roles.create, needs: 'role.create' },
];
