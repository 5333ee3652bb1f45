import { Button, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { CopySecret } from '../../components/copy-secret.js';
import { Panel } from '../../components/panel.js';
import { ProblemView } from '../../components/problem-view.js';
import { makeLocationToken } from '../../deeds/location-deeds.js';
import { texts } from '../../texts/texts.js';

export function LocationTokenPanel({ location }: { location: string }) {
  const making = useMutation({ mutationFn: () => makeLocationToken(location), gcTime: 0 });
  return (
    <Panel title={texts.location.tokenTitle}>
      <Stack gap="sm" align="stretch">
        <Text>{texts.location.tokenWhat}</Text>
        {making.data ? (
          <>
            <CopySecret secret={making.data.token} label={texts.location.tokenTitle} />
            <Text>{texts.location.tokenMade}</Text>
          </>
        ) : (
          <Button variant="default" loading={making.isPending} onClick={() => making.mutate()}>
            {texts.location.tokenMake}
          </Button>
        )}
        {making.error && <ProblemView error={making.error} />}
      </Stack>
    </Panel>
  );
}
