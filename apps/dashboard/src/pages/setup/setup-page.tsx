import { emailProblem, passwordProblem, usernameProblem } from '@knot/domain';
import { Anchor, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { Gate } from '../../app/gate.js';
import { leadToFault } from '../../components/lead-to-fault.js';
import { ProblemView } from '../../components/problem-view.js';
import { QueryView } from '../../components/query-view.js';
import { setUp } from '../../deeds/identity-deeds.js';
import { meQuery, setupQuery } from '../../queries/identity-queries.js';
import { texts } from '../../texts/texts.js';

export function SetupPage() {
  const setup = useQuery({ ...setupQuery(), staleTime: 0 });
  return (
    <Gate title={texts.setup.title}>
      <QueryView query={setup}>
        {({ needed }) =>
          needed ? (
            <FirstAdministratorForm />
          ) : (
            <Text>
              {texts.setup.done}{' '}
              <Anchor component={Link} to="/sign-in">
                {texts.setup.toSignIn}
              </Anchor>
            </Text>
          )
        }
      </QueryView>
    </Gate>
  );
}

function FirstAdministratorForm() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { code: '', username: '', email: '', password: '' },
    validateInputOnBlur: true,
    validate: {
      username: usernameProblem,
      email: emailProblem,
      password: (value, { username }) => passwordProblem(value, username),
    },
  });
  const entry = useMutation({
    mutationFn: setUp,
    onSuccess: async (me) => {
      client.clear();
      client.setQueryData(meQuery().queryKey, me);
      await navigate('/spaces', { replace: true });
    },
    onError: () => client.invalidateQueries({ queryKey: setupQuery().queryKey }),
  });
  return (
    <form onSubmit={form.onSubmit((values) => entry.mutate({ ...values, code: values.code.trim() }), leadToFault)}>
      <Stack>
        <Text>{texts.setup.intro}</Text>
        <TextInput
          label={texts.setup.code}
          description={texts.setup.codeHelp}
          name="code"
          autoComplete="off"
          spellCheck={false}
          autoFocus
          required
          {...form.getInputProps('code')}
        />
        <TextInput
          label={texts.user.username}
          description={texts.user.usernameHelp}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          {...form.getInputProps('username')}
        />
        <TextInput
          label={texts.user.email}
          name="email"
          type="email"
          autoComplete="email"
          required
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label={texts.user.password}
          description={texts.user.passwordHelp}
          name="password"
          autoComplete="new-password"
          required
          {...form.getInputProps('password')}
        />
        {entry.error && <ProblemView error={entry.error} />}
        <Button type="submit" loading={entry.isPending}>
          {texts.setup.submit}
        </Button>
      </Stack>
    </form>
  );
}
