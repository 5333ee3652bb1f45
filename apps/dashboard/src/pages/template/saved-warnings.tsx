import { Alert, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { savedWarningsQuery } from '../../queries/template-queries.js';
import { texts } from '../../texts/texts.js';
import { TextWarnings } from './text-warnings.js';

/** After a save: what a location says of it, until it is put away. */
export function SavedWarnings({ id }: { id: string }) {
  const client = useQueryClient();
  const query = savedWarningsQuery(id);
  const { data: warnings } = useQuery(query);
  if (warnings.length === 0) return null;
  return (
    <Alert
      role="status"
      color="yellow"
      icon={<IconAlertTriangle aria-hidden />}
      title={texts.textCheck.savedWith(warnings.length)}
      withCloseButton
      closeButtonLabel={texts.common.close}
      onClose={() => client.setQueryData(query.queryKey, [])}
    >
      <Text mb="xs">{texts.textCheck.savedWithWhat}</Text>
      <TextWarnings warnings={warnings} />
    </Alert>
  );
}
