import type { User } from '../../api/schemas.js';
import { StatusBadge } from '../../components/status-badge.js';
import { texts } from '../../texts/texts.js';

export function UserState({ user: { active } }: { user: User }) {
  return <StatusBadge tone={active ? 'good' : 'rest'} word={active ? texts.users.active : texts.users.inactive} />;
}
