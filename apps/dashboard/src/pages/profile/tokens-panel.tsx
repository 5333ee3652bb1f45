import { Button, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Token } from '../../api/schemas.js';
import { ConfirmModal } from '../../components/confirm-modal.js';
import { Moment } from '../../components/moment.js';
import { Panel } from '../../components/panel.js';
import { QueryView } from '../../components/query-view.js';
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
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const deletion = useMutation({
    mutationFn: () => deleteToken(token.id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.tokens });
      setAsking(false);
    },
  });
  return (
    <li className={classes.item} data-token={token.name}>
      <div className={classes.head}>
        <strong>{token.name}</strong>
        <Text c="dimmed" component="span">
          {token.scopes.map((scope) => texts.profile.scopes[scope]).join(', ')}
        </Text>
        <span className={classes.buttons}>
          <Button
            size="compact-sm"
            variant="light"
            color="red"
            aria-label={texts.profile.deleteToken(token.name)}
            onClick={() => setAsking(true)}
          >
            {texts.template.delete} …
          </Button>
        </span>
      </div>
      <Text c="dimmed">
        {texts.profile.created} <Moment at={token.createdAt} />. {texts.profile.expires} <Moment at={token.expiresAt} />
        . {texts.profile.lastUsed} <Moment at={token.lastUsedAt} />.
      </Text>
      {asking && (
        <ConfirmModal
          title={texts.profile.deleteTokenTitle(token.name)}
          what={texts.profile.deleteTokenWhat}
          deed={texts.template.delete}
          busy={deletion.isPending}
          error={deletion.error}
          onConfirm={() => deletion.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </li>
  );
}
