import { TOKEN_SCOPES, tokenNameProblem } from '@knot/domain';
import { Button, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CopySecret } from '../../components/copy-secret.js';
import { FreshProblem } from '../../components/fresh-problem.js';
import { leadToFault } from '../../components/lead-to-fault.js';
import { createToken } from '../../deeds/identity-deeds.js';
import { keys } from '../../queries/keys.js';
import { texts } from '../../texts/texts.js';

const DAYS = ['7', '30', '90', '365'];

export function NewTokenModal({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const form = useForm({
    initialValues: { name: '', scope: 'spaces', days: '90' },
    validate: { name: tokenNameProblem },
  });
  // the clear token is in this mutation alone, and goes with the window
  const making = useMutation({
    gcTime: 0,
    mutationFn: ({ name, scope, days }: typeof form.values) =>
      createToken({ name, scopes: TOKEN_SCOPES.filter((one) => one === scope), days: Number(days) }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.tokens }),
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={making.data ? texts.profile.madeTitle : texts.profile.newToken}
      closeOnClickOutside={!making.data}
      closeButtonProps={{ 'aria-label': texts.common.close }}
    >
      {making.data ? (
        <Stack>
          <Text>{texts.profile.madeWhat}</Text>
          <CopySecret secret={making.data.token} label={texts.profile.newToken} />
          <Button onClick={onClose}>{texts.profile.madeDone}</Button>
        </Stack>
      ) : (
        <form onSubmit={form.onSubmit((values) => making.mutate(values), leadToFault)}>
          <Stack>
            <TextInput
              data-autofocus
              label={texts.profile.tokenName}
              required
              autoComplete="off"
              {...form.getInputProps('name')}
            />
            <NativeSelect
              label={texts.profile.tokenScope}
              data={TOKEN_SCOPES.map((value) => ({ value, label: texts.profile.scopes[value] }))}
              {...form.getInputProps('scope')}
            />
            <NativeSelect label={texts.profile.days} data={DAYS} {...form.getInputProps('days')} />
            {making.error && <FreshProblem error={making.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {texts.common.cancel}
              </Button>
              <Button type="submit" loading={making.isPending}>
                {texts.profile.createToken}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
