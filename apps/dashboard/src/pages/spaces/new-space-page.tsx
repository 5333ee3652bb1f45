import { Text } from '@mantine/core';
import { IconTemplate } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { Button } from '@mantine/core';
import { useMe } from '../../app/use-me.js';
import { EmptyView } from '../../components/empty-view.js';
import { PageHead } from '../../components/page-head.js';
import { QueryView } from '../../components/query-view.js';
import { templatesQuery } from '../../queries/template-queries.js';
import { texts } from '../../texts/texts.js';
import { NewSpaceForm } from './new-space-form.js';

export function NewSpacePage() {
  const [params] = useSearchParams();
  const query = useQuery(templatesQuery());
  const { may } = useMe();
  return (
    <>
      <PageHead
        title={texts.newSpace.title}
        above={{ to: '/spaces', label: texts.spaces.title }}
        below={<Text c="dimmed">{texts.spaces.emptyHint}</Text>}
      />
      <QueryView query={query}>
        {(templates) =>
          templates.length > 0 ? (
            <NewSpaceForm templates={templates} templateId={params.get('template') ?? ''} />
          ) : (
            <EmptyView
              icon={<IconTemplate size={28} />}
              title={texts.templates.empty}
              hint={may('template.create') ? texts.spaces.emptyTemplates : texts.spaces.emptyNoTemplates}
            >
              {may('template.create') && (
                <Button component={Link} to="/templates/new">
                  {texts.templates.create}
                </Button>
              )}
            </EmptyView>
          )
        }
      </QueryView>
    </>
  );
}
