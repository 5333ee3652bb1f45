import { Anchor, Text } from '@mantine/core';
import { IconBook } from '@tabler/icons-react';
import { useEffect } from 'react';
import { Link, useLocation, useParams } from 'react-router';
import { EmptyView } from '../../components/empty-view.js';
import { PageHead } from '../../components/page-head.js';
import { Panel } from '../../components/panel.js';
import { texts } from '../../texts/texts.js';
import { GuideBlock } from './guide-block.js';
import { parseGuide, type Block } from './parse-guide.js';
import classes from './guide-page.module.css';

interface Page {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** The pages of docs/guide, built into this page's own chunk: the guide is there without another host. */
const PAGES: Readonly<Record<string, Page>> = Object.fromEntries(
  Object.entries(
    import.meta.glob<string>('../../../../../docs/guide/*.md', { query: '?raw', import: 'default', eager: true }),
  ).map(([path, source]) => [/([\w-]+)\.md$/.exec(path)?.[1] ?? path, pageOf(source)]),
);

function pageOf(source: string): Page {
  const [first, ...rest] = parseGuide(source);
  if (first?.kind !== 'heading') return { title: texts.guide.title, blocks: first ? [first, ...rest] : [] };
  return { title: first.text.replaceAll('`', ''), blocks: rest };
}

export function GuidePage() {
  const { page = '' } = useParams();
  const shown = PAGES[page];
  return (
    <>
      {shown ? <GuideText key={page} page={shown} /> : <NoPage />}
      <OtherPages present={page} />
    </>
  );
}

function NoPage() {
  return (
    <>
      <PageHead title={texts.guide.title} />
      <EmptyView icon={<IconBook size={28} />} title={texts.guide.gone} />
    </>
  );
}

function GuideText({ page: { title, blocks } }: { page: Page }) {
  const { hash } = useLocation();
  useEffect(() => {
    if (hash !== '') document.getElementById(hash.slice(1))?.scrollIntoView();
  }, [hash]);
  return (
    <>
      <PageHead title={title} below={texts.guide.language !== '' && <Text c="dimmed">{texts.guide.language}</Text>} />
      <article className={classes.text} lang="en">
        {blocks.map((block, at) => (
          <GuideBlock key={at} block={block} />
        ))}
      </article>
    </>
  );
}

function OtherPages({ present }: { present: string }) {
  const others = Object.entries(PAGES).filter(([name]) => name !== present);
  return (
    <div className={classes.others}>
      <Panel title={texts.guide.other}>
        <ul className={classes.pages} lang="en">
          {others.map(([name, { title }]) => (
            <li key={name}>
              <Anchor component={Link} to={`/guide/${name}`} size="sm">
                {title}
              </Anchor>
            </li>
          ))}
        </ul>
      </Panel>
    </div>
  );
}
