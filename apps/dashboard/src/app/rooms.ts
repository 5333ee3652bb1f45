import type { Action } from '@knot/domain';
import {
  IconActivityHeartbeat,
  IconDatabase,
  IconHistory,
  IconListCheck,
  IconMapPin,
  IconStack2,
  IconTemplate,
  IconUsers,
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
  { to: '/operations', label: texts.nav.operations, Icon: IconListCheck, needs: 'space.of-others' },
  { to: '/audit', label: texts.nav.audit, Icon: IconHistory, needs: 'audit.list' },
  { to: '/status', label: texts.nav.health, Icon: IconActivityHeartbeat, needs: 'health.details' },
];
