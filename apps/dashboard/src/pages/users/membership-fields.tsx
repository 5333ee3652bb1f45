import { useQuery } from '@tanstack/react-query';
import { ChoiceField } from '../../components/choice-field.js';
import { groupNamesQuery, roleNamesQuery } from '../../queries/people-queries.js';
import { texts } from '../../texts/texts.js';

interface MembershipFieldsProps {
  /** Ids. */
  readonly roles: readonly string[];
  readonly groups: readonly string[];
  readonly onRoles: (ids: string[]) => void;
  readonly onGroups: (ids: string[]) => void;
}

/** Which further roles somebody has, and which groups they are in. */
export function MembershipFields({ roles, groups, onRoles, onGroups }: MembershipFieldsProps) {
  const { data: knownRoles = [] } = useQuery(roleNamesQuery());
  const { data: knownGroups = [] } = useQuery(groupNamesQuery());
  return (
    <>
      <ChoiceField
        label={texts.users.roles}
        choices={knownRoles.map(({ id, name, description }) => ({ value: id, label: name, description }))}
        chosen={roles}
        onChange={onRoles}
        none={texts.users.noRoles}
      />
      <ChoiceField
        label={texts.users.groups}
        choices={knownGroups.map(({ id, name, description }) => ({ value: id, label: name, description }))}
        chosen={groups}
        onChange={onGroups}
        none={texts.users.noGroups}
      />
    </>
  );
}
