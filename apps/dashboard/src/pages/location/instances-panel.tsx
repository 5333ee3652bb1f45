import { Button, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { LeafInstance, LocationDetail } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { ConfirmModal } from '../../components/confirm-modal.js';
import { Moment } from '../../components/moment.js';
import { Panel } from '../../components/panel.js';
import type { Tone } from '../../components/phase-tone.js';
import { StatusBadge } from '../../components/status-badge.js';
import { approveInstance, revokeInstance } from '../../deeds/location-deeds.js';
import { locationQuery } from '../../queries/location-queries.js';
import { texts } from '../../texts/texts.js';
import classes from './location-lists.module.css';

const TONES: Record<LeafInstance['state'], Tone> = { 'let-in': 'good', waiting: 'falling', revoked: 'rest' };

interface Asking {
  readonly deed: 'approve' | 'revoke';
  readonly instance: LeafInstance;
}

/** Who asked to be the leaf of this location, and what was said to them. */
export function InstancesPanel({ location, instances }: { location: LocationDetail; instances: LeafInstance[] }) {
  const { may } = useMe();
  const [asking, setAsking] = useState<Asking | null>(null);
  return (
    <Panel title={texts.location.instancesTitle}>
      {instances.length === 0 ? (
        <Text c="dimmed">{texts.location.noInstances}</Text>
      ) : (
        <ul className={classes.list}>
          {instances.map((instance) => (
            <li key={instance.id} className={classes.item} data-instance={instance.state}>
              <div className={classes.head}>
                <StatusBadge tone={TONES[instance.state]} word={texts.location.instanceStates[instance.state]} />
                <code>{instance.address}</code>
                <span className={classes.buttons}>
                  {instance.state === 'waiting' && may('location.approve') && (
                    <Button size="compact-sm" onClick={() => setAsking({ deed: 'approve', instance })}>
                      {texts.location.instanceDeeds.approve}
                    </Button>
                  )}
                  {instance.state !== 'revoked' && may('location.revoke') && !location.builtIn && (
                    <Button size="compact-sm" variant="default" onClick={() => setAsking({ deed: 'revoke', instance })}>
                      {texts.location.instanceDeeds.revoke} …
                    </Button>
                  )}
                </span>
              </div>
              <Text c="dimmed">
                {texts.location.since} <Moment at={instance.since} />, <code>{instance.id}</code>
              </Text>
            </li>
          ))}
        </ul>
      )}
      {asking && <InstanceDeed location={location.name} asking={asking} onClose={() => setAsking(null)} />}
    </Panel>
  );
}

interface InstanceDeedProps {
  readonly location: string;
  readonly asking: Asking;
  readonly onClose: () => void;
}

function InstanceDeed({ location, asking: { deed, instance }, onClose }: InstanceDeedProps) {
  const client = useQueryClient();
  const isApproval = deed === 'approve';
  const asked = useMutation({
    mutationFn: () => (isApproval ? approveInstance : revokeInstance)(location, instance.id),
    onSuccess: (now) => {
      client.setQueryData(locationQuery(location).queryKey, now);
      notifications.show({ message: isApproval ? texts.location.approved : texts.location.revoked });
      onClose();
    },
  });
  return (
    <ConfirmModal
      title={isApproval ? texts.location.approveTitle(location) : texts.location.revokeTitle}
      what={isApproval ? texts.location.approveWhat : texts.location.revokeWhat}
      deed={texts.location.instanceDeeds[deed]}
      danger={!isApproval}
      busy={asked.isPending}
      error={asked.error}
      onConfirm={() => asked.mutate()}
      onClose={onClose}
    />
  );
}
