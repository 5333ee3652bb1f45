import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { FreshProblem } from '../../components/fresh-problem.js';
import { Panel } from '../../components/panel.js';
import { beginLink } from '../../deeds/identity-deeds.js';
import { signInWaysQuery } from '../../queries/identity-queries.js';
import { texts } from '../../texts/texts.js';

/** Leads to the provider and back, where this server has one: from then on one comes in by it too. */
export function ProviderPanel() {
  const { data: ways } = useQuery(signInWaysQuery());
  const linking = useMutation({
    mutationFn: beginLink,
    onSuccess: (url) => window.location.assign(url),
  });
  if (!ways?.provider) return null;
  return (
    <Panel title={texts.provider.linkTitle(ways.provider)}>
      <Stack gap="sm">
        <Text>{texts.provider.linkWhat(ways.provider)}</Text>
        {linking.error && <FreshProblem error={linking.error} />}
        <Group>
          <Button variant="default" loading={linking.isPending || linking.isSuccess} onClick={() => linking.mutate()}>
            {texts.provider.link}
          </Button>
        </Group>
      </Stack>
    </Panel>
  );
}
