import { USER_ROLE } from '@knot/domain';
import type { NewRow } from '@knot/shared/store';

/** What a user has of whom nothing else was said. */
export const NEW_USER = {
  subject: '',
  roles: [USER_ROLE.id],
  groups: [],
  active: true,
  sshKeys: [],
  maxSpaces: 0,
  maxRunning: 0,
  computeUnits: 0,
  storageUnits: 0,
  deletionRequestedAt: 0,
} satisfies Partial<NewRow<'user'>>;
