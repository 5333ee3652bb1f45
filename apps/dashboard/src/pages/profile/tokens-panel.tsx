import { Button, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Token } from '../../api/schemas.js';
import { Moment } from '../../components/moment.js';
import { Panel } from '../../components/panel.js';
import { QueryView } from '../../components/query-view.js';
import { RemovableItem } from '../../components/removable-item.js';
import { deleteToken } from '../../deeds/identity-deeds.js';
import { tokensQuery } from '../../queries/identity-queries.js';
import { keys } from '../../queries/keys.js';
import { texts } from '../../texts/texts.js';
import { NewTokenModal } from './new-token-modal.js';
import classes from '../location/location-lists.module.css';

export function TokensPanel() {
  const query = useQuery(tokensQuery());
  const [making, setMaking] = useState(false);
  return (
    <Panel
      title={texts.profile.tokensTitle}
      aside={
        <Button size="compact-sm" onClick={() => setMaking(true)}>
          {texts.profile.newToken}
        </Button>
      }
    >
      <Text mb="md">{texts.profile.tokensWhat}</Text>
      <QueryView query={query}>
        {(tokens) =>
          tokens.length === 0 ? (
            <Text c="dimmed">{texts.profile.noTokens}</Text>
          ) : (
            <ul className={classes.list}>
              {tokens.map((token) => (
                <TokenItem key={token.id} token={token} />
              ))}
            </ul>
          )
        }
      </QueryView>
      {making && <NewTokenModal onClose={() => setMaking(false)} />}
    </Panel>
  );
}

function TokenItem({ token }: { token: Token }) {
  const client = useQueryClient();
  const { id, name, scopes, createdAt, expiresAt, lastUsedAt } = token;
  return (
    <RemovableItem
      name={name}
      kind={scopes.map((scope) => texts.profile.scopes[scope]).join(', ')}
      remove={{
        deed: texts.template.delete,
        label: texts.profile.deleteToken(name),
        title: texts.profile.deleteTokenTitle(name),
        what: texts.profile.deleteTokenWhat,
      }}
      onRemove={async () => {
        await deleteToken(id);
        await client.invalidateQueries({ queryKey: keys.tokens });
      }}
    >
      <Text c="dimmed">
        {texts.profile.created} <Moment at={createdAt} />. {texts.profile.expires} <Moment at={expiresAt} />.{' '}
        {texts.profile.lastUsed} <Moment at={lastUsedAt} />.
      </Text>
    </RemovableItem>
  );
}
