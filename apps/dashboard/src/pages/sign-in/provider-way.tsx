import { Button, Text } from '@mantine/core';
import { texts } from '../../texts/texts.js';

interface ProviderWayProps {
  readonly provider: string;
  readonly to: string;
  /** Whether there is the other way too. */
  readonly passwords: boolean;
}

/** Leaves the dashboard: the server leads to the provider, and back to `to`. */
export function ProviderWay({ provider, to, passwords }: ProviderWayProps) {
  return (
    <>
      {passwords && (
        <Text c="dimmed" ta="center" size="sm">
          {texts.provider.or}
        </Text>
      )}
      <Button
        component="a"
        href={`/api/v1/auth/oidc?return=${encodeURIComponent(to)}`}
        fullWidth
        variant={passwords ? 'default' : 'filled'}
      >
        {texts.provider.signIn(provider)}
      </Button>
    </>
  );
}
