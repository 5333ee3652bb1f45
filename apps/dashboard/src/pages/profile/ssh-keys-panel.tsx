import { Anchor, Button, Code, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { SshKey } from '../../api/schemas.js';
import { CopySecret } from '../../components/copy-secret.js';
import { Panel } from '../../components/panel.js';
import { QueryView } from '../../components/query-view.js';
import { RemovableItem } from '../../components/removable-item.js';
import { removeSshKey } from '../../deeds/identity-deeds.js';
import { sshKeysQuery } from '../../queries/identity-queries.js';
import { keys } from '../../queries/keys.js';
import { texts } from '../../texts/texts.js';
import { AddSshKeyModal } from './add-ssh-key-modal.js';
import classes from '../location/location-lists.module.css';

const STEPS = `knot connect ${window.location.origin}\nknot ssh-config update`;

export function SshKeysPanel() {
  const query = useQuery(sshKeysQuery());
  const [adding, setAdding] = useState(false);
  return (
    <Panel
      title={texts.sshKeys.title}
      aside={
        <Button size="compact-sm" variant="default" onClick={() => setAdding(true)}>
          {texts.sshKeys.add}
        </Button>
      }
    >
      <Text>{texts.sshKeys.what}</Text>
      <Text mb="md">
        <Anchor component={Link} to="/guide/ssh" inherit>
          {texts.sshKeys.guide}
        </Anchor>
      </Text>
      <QueryView query={query}>
        {(sshKeys) =>
          sshKeys.length === 0 ? (
            <Stack gap="xs">
              <Text c="dimmed">{texts.sshKeys.none}</Text>
              <CopySecret secret={STEPS} label={texts.sshKeys.stepsLabel} />
            </Stack>
          ) : (
            <ul className={classes.list}>
              {sshKeys.map((key) => (
                <SshKeyItem key={key.fingerprint} sshKey={key} />
              ))}
            </ul>
          )
        }
      </QueryView>
      {adding && <AddSshKeyModal onClose={() => setAdding(false)} />}
    </Panel>
  );
}

function SshKeyItem({ sshKey: { fingerprint, type, comment } }: { sshKey: SshKey }) {
  const client = useQueryClient();
  const name = comment === '' ? fingerprint : comment;
  return (
    <RemovableItem
      name={comment === '' ? texts.sshKeys.unnamed : comment}
      kind={type}
      remove={{
        deed: texts.sshKeys.remove,
        label: texts.sshKeys.removeKey(name),
        title: texts.sshKeys.removeTitle(name),
        what: texts.sshKeys.removeWhat(fingerprint),
      }}
      onRemove={async () => {
        await removeSshKey(fingerprint);
        await client.invalidateQueries({ queryKey: keys.sshKeys });
      }}
    >
      <span>
        <Code>{fingerprint}</Code>
      </span>
    </RemovableItem>
  );
}
