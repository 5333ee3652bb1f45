import { passwordProblem } from '@knot/domain';
import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMe } from '../../app/use-me.js';
import { leadToFault } from '../../components/lead-to-fault.js';
import { Panel } from '../../components/panel.js';
import { ProblemView } from '../../components/problem-view.js';
import { changePassword } from '../../deeds/identity-deeds.js';
import { keys } from '../../queries/keys.js';
import { texts } from '../../texts/texts.js';

export function PasswordPanel() {
  const { me } = useMe();
  const client = useQueryClient();
  const form = useForm({
    initialValues: { present: '', password: '' },
    validate: { password: (value) => passwordProblem(value, me.username) },
  });
  const changing = useMutation({
    mutationFn: changePassword,
    onSuccess: () => {
      form.reset();
      notifications.show({ message: texts.profile.passwordChanged });
      void client.invalidateQueries({ queryKey: keys.sessions });
      void client.invalidateQueries({ queryKey: keys.tokens });
    },
  });
  return (
    <Panel title={texts.profile.passwordTitle}>
      <form onSubmit={form.onSubmit((values) => changing.mutate(values), leadToFault)}>
        <Stack gap="sm">
          <PasswordInput
            label={texts.profile.present}
            autoComplete="current-password"
            required
            {...form.getInputProps('present')}
          />
          <PasswordInput
            label={texts.profile.next}
            description={texts.user.passwordHelp}
            autoComplete="new-password"
            required
            {...form.getInputProps('password')}
          />
          <Text c="dimmed">{texts.profile.passwordWhat}</Text>
          {changing.error && <ProblemView error={changing.error} />}
          <Group>
            <Button type="submit" variant="default" loading={changing.isPending}>
              {texts.profile.changePassword}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
