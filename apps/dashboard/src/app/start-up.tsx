import { Center, Loader } from '@mantine/core';
import { texts } from '../texts/texts.js';

/** Before the first page is there. */
export function StartUp() {
  return (
    <Center mih="60vh" role="status" aria-label={texts.common.loading}>
      <Loader type="dots" />
    </Center>
  );
}
