import { Button, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { reasonOf } from '../../api/problem.js';
import { ProblemView } from '../../components/problem-view.js';
import { signIn } from '../../deeds/identity-deeds.js';
import { meQuery } from '../../queries/identity-queries.js';
import { texts } from '../../texts/texts.js';
import { PersonFields } from './person-fields.js';

/** Pages that the server makes: the one that lets the browser into an app, and a terminal, which may call its leaf. */
const OF_ITS_OWN = /^\/apps\/|\/terminal(\?|$)/;

interface PasswordFormProps {
  /** Where it leads to. */
  readonly to: string;
}

export function PasswordForm({ to }: PasswordFormProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const form = useForm({ initialValues: { username: '', password: '', code: '' } });
  const entry = useMutation({
    mutationFn: ({ code, ...person }: typeof form.values) => signIn(code === '' ? person : { ...person, code }),
    onSuccess: async (me) => {
      client.clear();
      client.setQueryData(meQuery().queryKey, me);
      if (OF_ITS_OWN.test(to)) window.location.replace(to);
      else await navigate(to, { replace: true });
    },
  });
  // the password was right, and the user has an authenticator: the field stays from then on
  const [asksForCode, setAsksForCode] = useState(false);
  if (!asksForCode && reasonOf(entry.error) === 'totp') setAsksForCode(true);
  const isFirstAsked = reasonOf(entry.error) === 'totp' && form.values.code === '';
  return (
    <form onSubmit={form.onSubmit((values) => entry.mutate(values))}>
      <Stack>
        <PersonFields form={form} />
        {asksForCode && (
          <TextInput
            label={texts.signIn.code}
            description={texts.signIn.codeHelp}
            name="code"
            autoComplete="one-time-code"
            spellCheck={false}
            autoFocus
            required
            {...form.getInputProps('code')}
          />
        )}
        {entry.error && !isFirstAsked && <ProblemView error={entry.error} />}
        <Button type="submit" loading={entry.isPending}>
          {texts.signIn.submit}
        </Button>
      </Stack>
    </form>
  );
}
