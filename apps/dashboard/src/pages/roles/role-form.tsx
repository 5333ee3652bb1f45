import { ALL_PERMISSIONS, roleNameProblem } from '@knot/domain';
import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { RoleCreate } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { ChoiceField } from '../../components/choice-field.js';
import { ProblemView } from '../../components/problem-view.js';
import { QueryView } from '../../components/query-view.js';
import { permissionsQuery } from '../../queries/people-queries.js';
import { permissionWord } from '../../texts/permission-word.js';
import { texts } from '../../texts/texts.js';
import classes from '../../components/form.module.css';
import { leadToFault } from '../../components/lead-to-fault.js';

interface RoleFormProps {
  readonly initial: RoleCreate & { readonly description: string };
  readonly deed: string;
  readonly save: (role: RoleCreate) => Promise<void>;
}

export function RoleForm({ initial, deed, save }: RoleFormProps) {
  const form = useForm({
    initialValues: initial,
    validateInputOnBlur: ['name'],
    validate: { name: roleNameProblem },
  });
  const saving = useMutation({ mutationFn: save });
  return (
    <form
      className={`${classes.form} ${classes.wide}`}
      onSubmit={form.onSubmit((role) => saving.mutate(role), leadToFault)}
    >
      <Stack>
        <TextInput
          label={texts.roles.name}
          required
          autoFocus
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('name')}
        />
        <TextInput label={texts.roles.description} maxLength={1024} {...form.getInputProps('description')} />
        <PermissionsField
          chosen={form.values.permissions}
          onChange={(names) =>
            form.setFieldValue(
              'permissions',
              ALL_PERMISSIONS.filter((name) => names.includes(name)),
            )
          }
        />
        {saving.error && <ProblemView error={saving.error} />}
        <Group>
          <Button type="submit" loading={saving.isPending}>
            {deed}
          </Button>
          <Button component={Link} to="/roles" variant="default">
            {texts.common.cancel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface PermissionsFieldProps {
  readonly chosen: readonly string[];
  readonly onChange: (names: string[]) => void;
}

/** Nobody gives away what they lack. */
function PermissionsField({ chosen, onChange }: PermissionsFieldProps) {
  const { me } = useMe();
  const query = useQuery(permissionsQuery());
  const held: ReadonlySet<string> = new Set(me.permissions);
  return (
    <QueryView query={query}>
      {(permissions) => (
        <ChoiceField
          label={texts.roles.permissions}
          choices={permissions.map((permission) => {
            const { name } = permission;
            const what = permissionWord(permission);
            return {
              value: name,
              label: name,
              description: held.has(name) ? what : `${what}. ${texts.roles.notYours}`,
              disabled: !held.has(name) && !chosen.includes(name),
            };
          })}
          chosen={chosen}
          onChange={onChange}
          none={texts.access.noPermissions}
          many
        />
      )}
    </QueryView>
  );
}
