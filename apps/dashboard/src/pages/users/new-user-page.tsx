import { ROLES, emailProblem, passwordProblem, usernameProblem } from '@knot/domain';
import { Button, Group, NativeSelect, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import type { UserCreate } from '../../api/schemas.js';
import { PageHead } from '../../components/page-head.js';
import { ProblemView } from '../../components/problem-view.js';
import { createUser } from '../../deeds/user-deeds.js';
import { keys } from '../../queries/keys.js';
import { texts } from '../../texts/texts.js';
import { TimezoneField } from '../../components/timezone-field.js';
import classes from '../../components/form.module.css';
import { leadToFault } from '../../components/lead-to-fault.js';

const NEW_USER = {
  username: '',
  email: '',
  password: '',
  role: 'user',

  timezone: '',
} satisfies UserCreate;

export function NewUserPage() {
  const navigate = useNavigate();
  const client = useQueryClient();
  const form = useForm<UserCreate & typeof NEW_USER>({
    initialValues: NEW_USER,
    validateInputOnBlur: true,
    validate: {
      username: usernameProblem,
      email: emailProblem,
      password: (value, { username }) => passwordProblem(value, username),
    },
  });
  const creation = useMutation({
    mutationFn: ({ timezone, ...user }: UserCreate) => createUser({ ...user, ...(timezone ? { timezone } : {}) }),
    onSuccess: async ({ id, username }) => {
      notifications.show({ message: texts.users.made(username) });
      void client.invalidateQueries({ queryKey: keys.users });
      await navigate(`/users/${id}`);
    },
  });
  return (
    <>
      <PageHead title={texts.users.create} above={{ to: '/users', label: texts.users.title }} />
      <form className={classes.form} onSubmit={form.onSubmit((values) => creation.mutate(values), leadToFault)}>
        <Stack>
          <TextInput
            label={texts.user.username}
            description={texts.user.usernameHelp}
            required
            autoFocus
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            {...form.getInputProps('username')}
          />
          <TextInput
            label={texts.user.email}
            type="email"
            required
            autoComplete="off"
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label={texts.user.password}
            description={`${texts.user.passwordHelp} ${texts.users.firstPassword}`}
            required
            autoComplete="new-password"
            {...form.getInputProps('password')}
          />
          <NativeSelect
            label={texts.users.role}
            data={ROLES.map((value) => ({ value, label: texts.profile.roles[value] }))}
            {...form.getInputProps('role')}
          />
          <TimezoneField
            label={texts.users.timezone}
            description={texts.users.timezoneHelp}
            field={form.getInputProps('timezone')}
          />
          {creation.error && <ProblemView error={creation.error} />}
          <Group>
            <Button type="submit" loading={creation.isPending}>
              {texts.users.submit}
            </Button>
            <Button component={Link} to="/users" variant="default">
              {texts.common.cancel}
            </Button>
          </Group>
        </Stack>
      </form>
    </>
  );
}
