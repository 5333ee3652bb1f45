import { Skeleton, Stack, VisuallyHidden } from '@mantine/core';
import { texts } from '../texts/texts.js';

/** Where rows or panels are about to be. */
export function LoadingRows({ rows = 4, height = 52 }: { rows?: number; height?: number }) {
  return (
    <Stack gap="sm" role="status" aria-busy="true">
      <VisuallyHidden>{texts.common.loading}</VisuallyHidden>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height} radius="md" />
      ))}
    </Stack>
  );
}
