import { signInProblem } from '@knot/domain';
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useMe } from '../../app/use-me.js';
import { ConfirmModal } from '../../components/confirm-modal.js';
import { FreshProblem } from '../../components/fresh-problem.js';
import { Panel } from '../../components/panel.js';
import { beginLink, endLink } from '../../deeds/identity-deeds.js';
import { signInWaysQuery } from '../../queries/identity-queries.js';
import { keys } from '../../queries/keys.js';
import { texts } from '../../texts/texts.js';

/** The account at the provider, where this server has one: linked from here, and parted again. */
export function ProviderPanel() {
  const { data: ways } = useQuery(signInWaysQuery());
  const [params] = useSearchParams();
  const { me } = useMe();
  if (!ways?.provider) return null;
  const { provider } = ways;
  const problem = signInProblem(params.get('problem'));
  return (
    <Panel title={texts.provider.linkTitle(provider)}>
      <Stack gap="sm">
        {problem && (
          <Alert role="alert" color="red" title={texts.provider.linkFailed}>
            {texts.provider.problems[problem]}
          </Alert>
        )}
        {me.linked ? <Linked provider={provider} hasPassword={me.password} /> : <NotLinked provider={provider} />}
      </Stack>
    </Panel>
  );
}

/** Leads to the provider and back: from then on one comes in by it too. */
function NotLinked({ provider }: { provider: string }) {
  const linking = useMutation({
    mutationFn: beginLink,
    onSuccess: (url) => window.location.assign(url),
  });
  return (
    <>
      <Text>{texts.provider.linkWhat(provider)}</Text>
      {linking.error && <FreshProblem error={linking.error} />}
      <Group>
        <Button variant="default" loading={linking.isPending || linking.isSuccess} onClick={() => linking.mutate()}>
          {texts.provider.link}
        </Button>
      </Group>
    </>
  );
}

function Linked({ provider, hasPassword }: { provider: string; hasPassword: boolean }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const parting = useMutation({
    mutationFn: endLink,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.me });
      setAsking(false);
    },
  });
  return (
    <>
      <Text>{texts.provider.linked(provider)}</Text>
      {!hasPassword && <Text c="dimmed">{texts.provider.onlyWay}</Text>}
      <Group>
        <Button variant="default" disabled={!hasPassword} onClick={() => setAsking(true)}>
          {texts.provider.part} …
        </Button>
      </Group>
      {asking && (
        <ConfirmModal
          title={texts.provider.partTitle(provider)}
          what={texts.provider.partWhat}
          deed={texts.provider.part}
          danger={false}
          busy={parting.isPending}
          error={parting.error}
          onConfirm={() => parting.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
