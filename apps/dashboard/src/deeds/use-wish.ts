import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Space } from '../api/schemas.js';
import { problemNotice } from '../components/problem-notice.js';
import { keys } from '../queries/keys.js';
import { texts } from '../texts/texts.js';
import { wishSpace, type PlainWish } from './space-deeds.js';

/** Asks for a start, stop, restart or update and says that it was taken, or why not. */
export function useWish(space: Pick<Space, 'id' | 'name'>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wish: PlainWish) => wishSpace(space.id, wish),
    onSuccess: (_operation, wish) => {
      notifications.show({ message: texts.space.accepted[wish](space.name) });
    },
    onError: (error) => notifications.show(problemNotice(error)),
    // the event stream tells what became of it; where it is cut, this does
    onSettled: () => client.invalidateQueries({ queryKey: keys.space(space.id) }),
  });
}
