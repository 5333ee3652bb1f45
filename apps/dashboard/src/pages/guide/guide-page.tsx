import { Anchor, Text } from '@mantine/core';
import { IconBook } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link, useLocation, useParams } from 'react-router';
import { EmptyView } from '../../components/empty-view.js';
import { PageHead } from '../../components/page-head.js';
import { Panel } from '../../components/panel.js';
import { QueryView } from '../../components/query-view.js';
import { texts } from '../../texts/texts.js';
import { GuideBlock } from './guide-block.js';
import { parseGuide, type Block } from './parse-guide.js';
import classes from './guide-page.module.css';

/** The pages of docs/guide, each a chunk of its own that is built in: the guide is there without another host. */
const PAGES = Object.fromEntries(
  Object.entries(import.meta.glob<string>('../../../../../docs/guide/*.md', { query: '?raw', import: 'default' })).map(
    ([path, load]) => [/([\w-]+)\.md$/.exec(path)?.[1] ?? path, load],
  ),
);

export function GuidePage() {
  const { page = '' } = useParams();
  const load = PAGES[page];
  const query = useQuery({
    queryKey: ['guide', page],
    queryFn: async () => parseGuide((await load?.()) ?? ''),
    staleTime: Infinity,
  });
  return (
    <QueryView query={query}>
      {(blocks) => (blocks.length === 0 ? <NoPage /> : <GuideText key={page} blocks={blocks} />)}
    </QueryView>
  );
}

function NoPage() {
  return (
    <>
      <PageHead title={texts.guide.title} />
      <EmptyView icon={<IconBook size={28} />} title={texts.guide.gone} />
      <OtherPages />
    </>
  );
}

function GuideText({ blocks }: { blocks: readonly Block[] }) {
  const { hash } = useLocation();
  useEffect(() => {
    if (hash !== '') document.getElementById(hash.slice(1))?.scrollIntoView();
  }, [hash]);
  const [first, ...rest] = blocks;
  const title = first?.kind === 'heading' ? first.text : texts.guide.title;
  return (
    <>
      <PageHead title={title} below={texts.guide.language !== '' && <Text c="dimmed">{texts.guide.language}</Text>} />
      <article className={classes.text} lang="en">
        {(first?.kind === 'heading' ? rest : blocks).map((block, at) => (
          <GuideBlock key={at} block={block} />
        ))}
      </article>
      <OtherPages />
    </>
  );
}

function OtherPages() {
  return (
    <Panel title={texts.guide.other}>
      <ul className={classes.pages} lang="en">
        {Object.keys(PAGES).map((name) => (
          <li key={name}>
            <Anchor component={Link} to={`/guide/${name}`} size="sm">
              {name.replaceAll('-', ' ')}
            </Anchor>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
