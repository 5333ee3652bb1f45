import type { AppPass } from '@knot/contract';
import type { PortShare } from '@knot/domain';
import type { OwnSpace } from '../bytes/own-spaces.js';

/** Whether a web port is open to somebody by what this leaf was told of its space. */
export function isOpenTo(
  { user, group, local }: Pick<AppPass, 'user' | 'group' | 'local'>,
  { platform, members }: Pick<OwnSpace, 'platform' | 'members'>,
  share: PortShare,
): boolean {
  const isMember = members.includes(user);
  if (platform === 'local') return local && isMember;
  switch (share) {
    case 'owner':
      return isMember;
    case 'group':
      return isMember || group;
    case 'users':
    case 'public':
      return true;
  }
}
