import { Anchor, Badge, Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { TemplateDetail } from '../../api/schemas.js';
import { Panel } from '../../components/panel.js';
import { QueryView } from '../../components/query-view.js';
import { templateVersionsQuery } from '../../queries/template-queries.js';
import { shortTime } from '../../texts/format-time.js';
import { texts } from '../../texts/texts.js';
import classes from './versions-panel.module.css';

interface VersionsPanelProps {
  readonly template: TemplateDetail;
  /** Number of the version whose texts are shown. */
  readonly shown: number;
  readonly onShow: (number: number) => void;
}

export function VersionsPanel({ template, shown, onShow }: VersionsPanelProps) {
  const query = useQuery(templateVersionsQuery(template.id));
  return (
    <Panel
      title={texts.template.versionsTitle}
      aside={
        <Anchor component={Link} to={`/templates/${template.id}/versions`} size="sm">
          {texts.versions.link}
        </Anchor>
      }
    >
      <QueryView query={query}>
        {({ items }) => (
          <ol className={classes.versions}>
            {items.map(({ number, author, note, createdAt }) => (
              <li key={number} className={classes.version}>
                <Button
                  variant={number === shown ? 'light' : 'subtle'}
                  size="compact-sm"
                  aria-label={texts.template.show(number)}
                  aria-pressed={number === shown}
                  onClick={() => onShow(number)}
                >
                  {number}
                </Button>
                <div>
                  <Text component="div">
                    {texts.template.by(author, shortTime(createdAt))}
                    {number === template.present && (
                      <Badge ml={8} size="sm" variant="light" tt="none">
                        {texts.template.present}
                      </Badge>
                    )}
                  </Text>
                  {note !== '' && <Text c="dimmed">{note}</Text>}
                </div>
              </li>
            ))}
          </ol>
        )}
      </QueryView>
    </Panel>
  );
}
