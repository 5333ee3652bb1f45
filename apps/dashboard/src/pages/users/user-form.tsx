import { ROLES, emailProblem, passwordProblem } from '@knot/domain';
import { Button, Group, NativeSelect, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { User } from '../../api/schemas.js';
import { leadToFault } from '../../components/lead-to-fault.js';
import { ProblemView } from '../../components/problem-view.js';
import { changeUser } from '../../deeds/user-deeds.js';
import { keys } from '../../queries/keys.js';
import { LimitsFields } from '../../quota/limits-fields.js';
import { limitsOf } from '../../quota/limits.js';
import { texts } from '../../texts/texts.js';
import { MembershipFields } from './membership-fields.js';
import { TimezoneField } from '../../components/timezone-field.js';

export function UserForm({ user, onSaved }: { user: User; onSaved: (user: User) => void }) {
  const client = useQueryClient();
  const { email, role, roles, groups, timezone } = user;
  const form = useForm({
    initialValues: { email, role, roles, groups, limits: limitsOf(user), timezone, password: '' },
    validateInputOnBlur: true,
    validate: {
      email: emailProblem,
      password: (value) => (value === '' ? null : passwordProblem(value, user.username)),
    },
  });
  const saving = useMutation({
    mutationFn: ({ password, timezone: zone, limits, ...change }: typeof form.values) =>
      changeUser(user, { ...change, ...limits, ...(password && { password }), ...(zone && { timezone: zone }) }),
    onSuccess: (saved) => {
      notifications.show({ message: texts.users.saved(saved.username) });
      client.setQueryData(keys.user(saved.id), saved);
      void client.invalidateQueries({ queryKey: keys.users });
      onSaved(saved);
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => saving.mutate(values), leadToFault)}>
      <Stack>
        <TextInput label={texts.user.email} type="email" required autoComplete="off" {...form.getInputProps('email')} />
        <NativeSelect
          label={texts.users.role}
          data={ROLES.map((value) => ({ value, label: texts.profile.roles[value] }))}
          {...form.getInputProps('role')}
        />
        <MembershipFields
          roles={form.values.roles}
          groups={form.values.groups}
          onRoles={(ids) => form.setFieldValue('roles', ids)}
          onGroups={(ids) => form.setFieldValue('groups', ids)}
        />
        <LimitsFields limits={form.values.limits} onChange={(limits) => form.setFieldValue('limits', limits)} />
        <TimezoneField
          label={texts.users.timezone}
          description={texts.users.timezoneHelp}
          field={form.getInputProps('timezone')}
        />
        <PasswordInput
          label={texts.users.newPassword}
          description={texts.users.newPasswordHelp}
          autoComplete="new-password"
          {...form.getInputProps('password')}
        />
        {saving.error && <ProblemView error={saving.error} />}
        <Group>
          <Button type="submit" loading={saving.isPending}>
            {texts.users.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
