import { CLOSED_PORTS, PORT_SHARES } from '@knot/domain';
import { Button, Checkbox, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { LocationDetail } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { Facts } from '../../components/facts.js';
import { Panel } from '../../components/panel.js';
import { ProblemView } from '../../components/problem-view.js';
import { setLocationPolicy } from '../../deeds/location-deeds.js';
import { keys } from '../../queries/keys.js';
import { texts } from '../../texts/texts.js';
import { draftOf, policyOf } from './policy-draft.js';

/** What holds for all spaces of the location, and for whoever may change it a form. */
export function PolicyPanel({ location }: { location: LocationDetail }) {
  const { may } = useMe();
  const [changing, setChanging] = useState<LocationDetail | null>(null);
  const change = (
    <Button size="compact-sm" variant="default" onClick={() => setChanging(location)}>
      {texts.location.policyChange}
    </Button>
  );
  return (
    <Panel title={texts.location.policyTitle} aside={changing === null && may('location.policy') && change}>
      {changing ? (
        <PolicyForm location={changing} onDone={() => setChanging(null)} />
      ) : (
        <Present policy={location.policy} />
      )}
    </Panel>
  );
}

function Present({
  policy: { drivers, hostVolumes, ports = CLOSED_PORTS, leafWishes },
}: Pick<LocationDetail, 'policy'>) {
  const words = (names: readonly string[]) => (names.length === 0 ? texts.common.none : names.join(', '));
  const yesNo = (is = false) => (is ? texts.location.yes : texts.location.no);
  return (
    <Facts
      facts={[
        { name: texts.location.drivers, value: words(drivers) },
        { name: texts.location.hostVolumes, value: words(hostVolumes) },
        { name: texts.location.portsShare, value: texts.ports.shares[ports.share] },
        { name: texts.location.portsPublic, value: yesNo(ports.public) },
        { name: texts.location.leafWishes, value: yesNo(leafWishes) },
      ]}
    />
  );
}

/** Over what was read when it was opened: somebody else's change since then is not written over. */
function PolicyForm({ location, onDone }: { location: LocationDetail; onDone: () => void }) {
  const client = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(location.policy));
  const saving = useMutation({
    mutationFn: () => setLocationPolicy(location, policyOf(draft)),
    onSuccess: (saved) => {
      notifications.show({ message: texts.location.policySaved(location.name) });
      client.setQueryData(keys.location(location.name), saved);
      onDone();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate();
      }}
    >
      <Stack>
        <TextInput
          label={texts.location.drivers}
          description={texts.location.namesHelp}
          value={draft.drivers}
          spellCheck={false}
          onChange={({ currentTarget: { value } }) => setDraft((now) => ({ ...now, drivers: value }))}
        />
        <TextInput
          label={texts.location.hostVolumes}
          description={texts.location.namesHelp}
          value={draft.hostVolumes}
          spellCheck={false}
          onChange={({ currentTarget: { value } }) => setDraft((now) => ({ ...now, hostVolumes: value }))}
        />
        <NativeSelect
          label={texts.location.portsShare}
          value={draft.share}
          data={PORT_SHARES.map((share) => ({ value: share, label: texts.ports.shares[share] }))}
          onChange={({ currentTarget: { value } }) =>
            setDraft((now) => ({ ...now, share: PORT_SHARES.find((share) => share === value) ?? now.share }))
          }
        />
        <Checkbox
          label={texts.location.portsPublic}
          checked={draft.public}
          onChange={({ currentTarget: { checked } }) => setDraft((now) => ({ ...now, public: checked }))}
        />
        <Checkbox
          label={texts.location.leafWishes}
          checked={draft.leafWishes}
          onChange={({ currentTarget: { checked } }) => setDraft((now) => ({ ...now, leafWishes: checked }))}
        />
        {saving.error && <ProblemView error={saving.error} />}
        <Group>
          <Button type="submit" loading={saving.isPending}>
            {texts.location.policySave}
          </Button>
          <Button variant="default" onClick={onDone}>
            {texts.common.cancel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
