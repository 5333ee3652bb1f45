import { NativeSelect } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { PORT_SHARES, type PortShare } from '@knot/domain';
import type { SpaceDetail } from '../../api/schemas.js';
import { problemNotice } from '../../components/problem-notice.js';
import { sharePort } from '../../deeds/space-deeds.js';
import { keys } from '../../queries/keys.js';
import { texts } from '../../texts/texts.js';

const LEVELS = PORT_SHARES.map((share) => ({ value: share, label: texts.ports.shares[share] }));
/** The owner's word is taken back. */
const AS_SAID = 'as-said';

/** Who opens a web port of a space, for whoever may say so. */
export function PortShareSelect({
  space: { id },
  port,
  name,
}: {
  space: Pick<SpaceDetail, 'id'>;
  port: SpaceDetail['ports'][number];
  name: string;
}) {
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (share: PortShare | undefined) => sharePort(id, port.port, share),
    onSuccess: () => notifications.show({ message: texts.ports.shared(name) }),
    onError: (error) => notifications.show(problemNotice(error)),
    onSettled: () => client.invalidateQueries({ queryKey: keys.space(id) }),
  });
  return (
    <NativeSelect
      size="xs"
      aria-label={texts.ports.shareWith(name)}
      value={port.share}
      disabled={change.isPending}
      data={[...(port.sharedBy === 'owner' ? [{ value: AS_SAID, label: texts.ports.asSaid }] : []), ...LEVELS]}
      onChange={({ currentTarget }) => change.mutate(PORT_SHARES.find((one) => one === currentTarget.value))}
    />
  );
}
